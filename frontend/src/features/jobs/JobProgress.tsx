import { BlockStack, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { Bar } from "~/components/Bar";
import { useNow } from "~/components/useNow";
import type { JobRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { isActive, secondsLeft, waiting } from "./jobState";
import { useStalled } from "./stalled";

/** How far a running job is: what it does now, how much of it, and how long it will take. */
export function JobProgress({ job }: { job: JobRowFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const active = isActive(job.state);
  const now = useNow(active ? 1_000 : null);
  const { done, total, fraction } = job.progress;
  const left = secondsLeft(job, now);
  const label = useLabel(job, now);

  return (
    <BlockStack gap="100">
      <InlineStack align="space-between" gap="200">
        <Text as="span" variant="bodySm">
          {label}
          {total !== null && total > 0 && job.state === "RUNNING" && (
            <Text as="span" variant="bodySm" tone="subdued">
              {" · "}
              {t("job.doneOf", { done: format.number(done), total: format.number(total) })}
            </Text>
          )}
        </Text>
        <Text as="span" variant="bodySm" tone="subdued">
          {left !== null && (left < 2 ? t("job.nearlyDone") : t("job.left", { time: format.duration(left) }))}
          {left === null && fraction !== null && format.share(fraction)}
        </Text>
      </InlineStack>
      <Bar share={job.state === "QUEUED" ? 0 : fraction} label={label} tone="active" />
    </BlockStack>
  );
}

function useLabel(job: JobRowFragment, now: Date): string {
  const { t } = useTranslation();
  const format = useFormat();
  const stalled = useStalled(job);
  if (stalled && job.state !== "QUEUED") {
    return t("outage.stalled", { time: format.time(stalled.toISOString()) });
  }
  if (job.state === "RUNNING") return t(`job.phase.${job.phase}`);
  switch (waiting(job, now)) {
    case "today":
      return t("outage.queued", { time: format.time(job.createdAt) });
    case "longer":
      return t("outage.queuedSince", { date: format.dateTime(job.createdAt) });
    default:
      return t(`job.stateText.${job.state}`);
  }
}
