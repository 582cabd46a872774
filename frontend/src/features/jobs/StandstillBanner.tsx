import { Banner, BlockStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { SupportContact } from "~/components/SupportContact";
import type { JobRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { useStandstill } from "./stalled";

/** That nobody works in the background, while any of `jobs` waits for it. */
export function StandstillBanner({ jobs }: { jobs: readonly JobRowFragment[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const standstill = useStandstill(jobs);
  if (!standstill) return null;
  const { count, since } = standstill;
  const moment = since.toISOString();
  const today = since.toDateString() === new Date().toDateString();
  return (
    <Banner tone="critical" title={t("outage.stalledTitle")}>
      <BlockStack gap="100">
        <Text as="p">
          {t("outage.stalledJobs", {
            count,
            number: format.number(count),
            time: today ? format.time(moment) : format.dateTime(moment),
          })}
        </Text>
        <SupportContact />
      </BlockStack>
    </Banner>
  );
}
