import { Badge, BlockStack, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { Sentence } from "~/components/Sentence";
import { Value } from "~/features/jobs/Value";
import { shown } from "~/features/jobs/value";
import type { TracedChangeFragment } from "~/graphql/generated/graphql";
import { useErrorText } from "~/i18n/errorText";
import { useFormat } from "~/i18n/format";
import styles from "./Timeline.module.css";
import type { Connection, Trace } from "./TraceTimeline";

type Step = Trace["rule"]["steps"][number];

/** Whose word counts on the value, and how main's becomes the dependent's, step by step. */
export function TraceRule({
  trace,
  connection,
  change,
}: {
  trace: Trace;
  connection: Connection;
  change: TracedChangeFragment | null;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const { value, rule } = trace;
  const { standing, code } = value;
  const main = shown({ action: "SET", field: value.field }, value.mainValue, connection.main.currency);
  const earlier = change?.job.settingsVersion ?? null;
  return (
    <BlockStack gap="100">
      <InlineStack gap="200">
        <Badge tone={standing === "MAIN" ? "info" : standing === "PAUSED" ? "warning" : undefined}>
          {t(`trace.standing.${standing}`)}
        </Badge>
      </InlineStack>
      {code && <Text as="p">{errorText({ code, params: [] })}</Text>}
      {rule.sources.length > 0 && (
        <Text as="p">
          {t("trace.sums", {
            sources: format.list(
              rule.sources.map(({ location, quantity }) =>
                t("trace.source", {
                  location: location.name || location.id,
                  number: format.number(quantity),
                }),
              ),
            ),
          })}
        </Text>
      )}
      {rule.steps.length > 0 ? (
        <ol className={styles.sums}>
          {rule.steps.map((step) => (
            <li key={step.kind}>
              <StepText step={step} field={value.field} connection={connection} />
            </li>
          ))}
        </ol>
      ) : (
        value.mainValue !== null && (
          <>
            <p>
              {t("trace.rule.MAIN", { value: "" })}
              <Value value={main} />
            </p>
            {standing === "MAIN" && (
              <Text as="p" variant="bodySm" tone="subdued">
                {t("trace.copied")}
              </Text>
            )}
          </>
        )
      )}
      {rule.settingsVersion !== null && rule.savedAt && (
        <Text as="p" variant="bodySm" tone="subdued">
          <Sentence
            text={t(rule.savedIn && !rule.savedBy ? "trace.settingsBy" : "trace.settings", {
              version: rule.settingsVersion,
              date: format.exactTime(rule.savedAt),
              shop: rule.savedIn,
            })}
          />
        </Text>
      )}
      {earlier !== null && earlier !== rule.settingsVersion && (
        <Text as="p" variant="bodySm" tone="subdued">
          {t("trace.earlierSettings", { version: earlier })}
        </Text>
      )}
    </BlockStack>
  );
}

function StepText({ step, field, connection }: { step: Step; field: string; connection: Connection }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { main, dependent } = connection;
  const amount = (text: string, currency: string): string =>
    field === "STOCK" ? format.number(Number(text)) : format.money(text, currency);
  const result = step.result;
  const value =
    result === null ? "" : amount(result, step.kind === "MAIN" ? main.currency : dependent.currency);
  const operand = step.operand ?? "";
  switch (step.kind) {
    case "CONVERSION":
      return <>{t("trace.rule.CONVERSION", { operand: format.number(Number(operand)), value })}</>;
    case "PERCENT":
      return (
        <>{t("trace.rule.PERCENT", { operand: signed(format.number(Number(operand)), operand), value })}</>
      );
    case "AMOUNT":
      return (
        <>
          {t("trace.rule.AMOUNT", { operand: signed(amount(operand, dependent.currency), operand), value })}
        </>
      );
    case "ENDING":
      return <>{t("trace.rule.ENDING", { operand: amount(operand, dependent.currency), value })}</>;
    case "BUFFER":
    case "CAP":
      return <>{t(`trace.rule.${step.kind}`, { operand: format.number(Number(operand)), value })}</>;
    default:
      return <>{t(`trace.rule.${step.kind}`, { value })}</>;
  }
}

/** A change of a price says which way it goes. */
function signed(text: string, operand: string): string {
  return operand.startsWith("-") ? text : `+${text}`;
}
