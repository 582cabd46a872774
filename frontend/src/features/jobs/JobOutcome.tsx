import { Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { JobRowFragment } from "~/graphql/generated/graphql";
import { useErrorText } from "~/i18n/errorText";
import { useFormat } from "~/i18n/format";
import { outcomesOf } from "./jobState";

/** What came out of a finished job, in one line. */
export function JobOutcome({ job }: { job: JobRowFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  if (job.error) {
    return (
      <Text as="span" variant="bodySm" tone="critical">
        {errorText(job.error)}
      </Text>
    );
  }
  const outcomes = outcomesOf(job.counts);
  if (outcomes.length === 0) {
    return (
      <Text as="span" variant="bodySm" tone="subdued">
        {t(job.state === "CANCELED" ? "job.nothingDone" : "job.inStep")}
      </Text>
    );
  }
  return (
    <Text as="span" variant="bodySm" tone="subdued">
      {outcomes
        .map(({ outcome, count }) => t(`job.outcome.${outcome}`, { count, number: format.number(count) }))
        .join(" · ")}
    </Text>
  );
}
