import { Badge, BlockStack, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { ShopAddress } from "~/components/ShopAddress";
import { JobStateBadge } from "~/components/StateBadge";
import type { JobRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import styles from "./JobLine.module.css";
import { JobMenu } from "./JobMenu";
import { JobOutcome } from "./JobOutcome";
import { JobProgress } from "./JobProgress";
import { grouped, isActive, type JobGroup } from "./jobState";

/** One job in a list, with those like it that stand behind it. */
export function JobLine({ job, behind }: JobGroup) {
  const { t } = useTranslation();
  const format = useFormat();
  const applied = behind.reduce((sum, one) => sum + one.counts.applied, 0);
  return (
    <li className={styles.line}>
      <div className={styles.what}>
        <BlockStack gap="050">
          <InlineStack gap="200" blockAlign="center">
            <Link url={`/jobs/${job.id}`} removeUnderline monochrome>
              <Text as="span" fontWeight="semibold">
                {t(`job.kind.${job.kind}`)}
              </Text>
            </Link>
            <JobStateBadge state={job.state} />
            {job.kind !== "PREVIEW" && job.counts.held > 0 && (
              <Badge tone="attention">
                {t("job.outcome.held", { count: job.counts.held, number: format.number(job.counts.held) })}
              </Badge>
            )}
          </InlineStack>
          <Text as="span" variant="bodySm" tone="subdued" breakWord>
            <ShopAddress domain={job.connection.dependent.domain} />
            {" · "}
            <time dateTime={job.createdAt} title={format.dateTime(job.createdAt)}>
              {format.relative(job.createdAt)}
            </time>
            {" · "}
            {t(`job.trigger.${job.trigger}`)}
            {behind.length > 0 &&
              ` · ${t("job.behind", {
                count: behind.length,
                number: format.number(behind.length),
                changes: t("job.outcome.applied", { count: applied, number: format.number(applied) }),
              })}`}
          </Text>
        </BlockStack>
      </div>
      <div className={styles.state}>
        {isActive(job.state) ? <JobProgress job={job} /> : <JobOutcome job={job} />}
      </div>
      <div className={styles.menu}>
        <JobMenu job={job} />
      </div>
    </li>
  );
}

/** The first `most` lines of the jobs. */
export function JobList({ jobs, most }: { jobs: readonly JobRowFragment[]; most?: number }) {
  return (
    <ul className={styles.list}>
      {grouped(jobs)
        .slice(0, most)
        .map(({ job, behind }) => (
          <JobLine key={job.id} job={job} behind={behind} />
        ))}
    </ul>
  );
}
