import { Card, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "~/components/useNow";
import type { JobRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import styles from "./JobFacts.module.css";
import { isActive, secondsTaken } from "./jobState";

/** Why, when, how and at what cost a job ran. */
export function JobFacts({ job }: { job: JobRowFragment }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const now = useNow(isActive(job.state) ? 1_000 : null);
  const taken = secondsTaken(job, now);
  const strategy = job.strategy.toUpperCase();
  return (
    <Card>
      <dl className={styles.facts}>
        <Fact name={t("fact.trigger")}>{t(`job.trigger.${job.trigger}`)}</Fact>
        <Fact name={t("fact.created")}>
          <time dateTime={job.createdAt}>{format.dateTime(job.createdAt)}</time>
        </Fact>
        <Fact name={t("fact.duration")}>{taken === null ? "–" : format.duration(taken)}</Fact>
        <Fact name={t("fact.strategy")}>
          {i18n.exists(`strategy.${strategy}`) ? t(`strategy.${strategy as "PAGES"}`) : job.strategy || "–"}
        </Fact>
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
