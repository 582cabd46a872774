import styles from "./Bar.module.css";

/**
 * A thin bar of `share` (0 to 1); null is "going on, nobody knows how far". `label` tells it to screen readers, as
 * progress where something is going on (`active`) and as a measure otherwise.
 */
export function Bar({
  share,
  label,
  tone = "neutral",
}: {
  share: number | null;
  label: string;
  tone?: "neutral" | "active" | "success";
}) {
  const meaning = {
    role: tone === "active" ? "progressbar" : "meter",
    "aria-label": label,
    "aria-valuemin": 0,
    "aria-valuemax": 100,
    ...(share !== null && { "aria-valuenow": Math.floor(share * 100) }),
  };
  return (
    <div className={styles.track} {...meaning}>
      <div
        className={`${styles.fill} ${styles[tone]} ${share === null ? styles.unknown : ""}`}
        style={share === null ? undefined : { transform: `scaleX(${Math.min(1, Math.max(0, share))})` }}
      />
    </div>
  );
}
