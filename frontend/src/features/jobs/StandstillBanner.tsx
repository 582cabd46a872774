import { Banner, BlockStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { SupportContact } from "~/components/SupportContact";
import type { JobRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { useStandstill } from "./stalled";

/** That nobody works in the background, while any of `jobs` waits for it, or other work does `since` then. */
export function StandstillBanner({
  jobs,
  since: unattended = null,
}: {
  jobs: readonly JobRowFragment[];
  since?: Date | null;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const standstill = useStandstill(jobs);
  const since = standstill?.since ?? unattended;
  if (!since) return null;
  const moment = since.toISOString();
  const today = since.toDateString() === new Date().toDateString();
  const time = today ? format.time(moment) : format.dateTime(moment);
  return (
    <Banner tone="critical" title={t(standstill ? "outage.stalledTitle" : "outage.waitingTitle")}>
      <BlockStack gap="100">
        <Text as="p">
          {standstill
            ? t("outage.stalledJobs", {
                count: standstill.count,
                number: format.number(standstill.count),
                time,
              })
            : t("outage.waitingWork", { time })}
        </Text>
        <SupportContact />
      </BlockStack>
    </Banner>
  );
}
