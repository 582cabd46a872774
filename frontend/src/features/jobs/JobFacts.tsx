import { Card, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "~/components/useNow";
import type { JobRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import styles from "./JobFacts.module.css";
import { isActive, secondsTaken } from "./jobState";

/** Why, when, how and at what cost a job ran. */
export function JobFacts({ job }: { job: JobRowFragment & { settingsVersion: number | null } }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const now = useNow(isActive(job.state) ? 1_000 : null);
  const taken = secondsTaken(job, now);
  const strategies = job.strategy.toUpperCase().split("+").filter(Boolean);
  return (
    <Card>
      <dl className={styles.facts}>
        <Fact name={t("fact.trigger")}>{t(`job.trigger.${job.trigger}`)}</Fact>
        <Fact name={t("fact.created")}>
          <time dateTime={job.createdAt}>{format.dateTime(job.createdAt)}</time>
        </Fact>
        <Fact name={t("fact.duration")}>
          {taken === null ? "–" : isActive(job.state) ? format.duration(taken) : format.seconds(taken)}
        </Fact>
        {job.settingsVersion !== null && (
          <Fact name={t("detail.settings")}>{t("detail.version", { version: job.settingsVersion })}</Fact>
        )}
        {job.kind !== "LIVE" && (
          <Fact name={t("fact.strategy")}>
            {strategies
              .map((one) => (i18n.exists(`strategy.${one}`) ? t(`strategy.${one as "PAGES"}`) : one))
              .join(" + ") || "–"}
          </Fact>
        )}
        {isActive(job.state) && job.estimatePoints !== null && job.estimateSeconds !== null && (
          <Fact name={t("fact.estimate")}>
            {t("fact.estimateValue", {
              points: format.number(job.estimatePoints),
              time: format.duration(job.estimateSeconds),
            })}
          </Fact>
        )}
        <Fact name={t("fact.cost")}>
          {t("fact.costValue", {
            count: job.calls,
            points: format.number(job.points),
            calls: format.number(job.calls),
          })}
        </Fact>
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text as="dt" variant="bodySm" tone="subdued">
        {name}
      </Text>
      <Text as="dd">{children}</Text>
    </div>
  );
}
