import { Button, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "~/i18n/format";
import styles from "./Changes.module.css";
import { textDiff } from "./textDiff";
import type { Shown } from "./value";

const START = 110;

export function Value({ value }: { value: Shown }) {
  const { t } = useTranslation();
  const format = useFormat();
  switch (value.kind) {
    case "none":
      return (
        <Text as="span" tone="subdued">
          {t("value.none")}
        </Text>
      );
    case "text":
      return <span className={styles.text}>{value.text}</span>;
    case "long":
      return <LongText text={value.text} />;
    case "money":
      return <>{format.money(value.amount, value.currency)}</>;
    case "number":
      return <>{format.number(value.value)}</>;
    case "tags":
      return <span className={styles.text}>{value.items.join(" · ")}</span>;
    case "options":
      return (
        <span className={styles.text}>
          {value.items
            .map(({ name, values }) =>
              values.length > 0 ? `${format.label(name)} ${format.list(values)}` : name,
            )
            .join(" · ")}
        </span>
      );
    case "image":
      return (
        <a
          href={value.url}
          target="_blank"
          rel="noopener noreferrer"
          className={value.picture ? styles.image : undefined}
        >
          {value.picture ? (
            <img src={thumbnail(value.url)} alt={value.alt || t("value.image")} loading="lazy" />
          ) : (
            value.alt || t("value.image")
          )}
        </a>
      );
    case "term":
      return <>{t(`value.${value.term}`)}</>;
    case "product":
      return (
        <>
          {t("value.variants", { count: value.variants, number: format.number(value.variants) })}
          {value.price !== null &&
            ` · ${t("value.from", { price: format.money(value.price, value.currency) })}`}
        </>
      );
    case "code":
      return value.text.length > START ? (
        <LongText text={value.text} />
      ) : (
        <code className={styles.text}>{value.text}</code>
      );
  }
}

/** Shopify's CDN makes the size that is asked for; other servers take no notice of it. */
function thumbnail(url: string): string {
  return url.startsWith("https://cdn.shopify.com/") ? `${url}${url.includes("?") ? "&" : "?"}width=96` : url;
}

function LongText({ text }: { text: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <span className={styles.text}>
      {open ? text : `${text.slice(0, START)}… `}{" "}
      <Button variant="plain" onClick={() => setOpen(!open)} ariaExpanded={open}>
        {t(open ? "value.less" : "value.more")}
      </Button>
    </span>
  );
}

/** Two long texts as one, with what went and what came marked. */
export function TextChange({ before, after }: { before: string; after: string }) {
  return (
    <span className={styles.text}>
      {textDiff(before, after).map((piece, index) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces are made anew with the text
        if (piece.kind === "same") return <span key={index}>{shortened(piece.text)}</span>;
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces are made anew with the text
        if (piece.kind === "gone") return <del key={index}>{piece.text}</del>;
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces are made anew with the text
        return <ins key={index}>{piece.text}</ins>;
      })}
    </span>
  );
}

/** What stayed the same matters only as the surroundings of what did not. */
function shortened(text: string): string {
  return text.length > 160 ? `${text.slice(0, 70)} … ${text.slice(-70)}` : text;
}
