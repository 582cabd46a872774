import { Banner, BlockStack, Card, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useQuery } from "urql";
import { FailureBanner } from "~/components/FailureBanner";
import { Nothing } from "~/components/Nothing";
import { Pager } from "~/components/Pager";
import { CardSkeleton } from "~/components/PageSkeleton";
import { usePaging } from "~/components/paging";
import { JobsDocument } from "~/graphql/generated/graphql";
import { JobList } from "./JobLine";
import { useLiveJobs } from "./live";

const PAGE = 25;

export default function JobsPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const connectionId = search.get("connection");
  const paging = usePaging();
  const [{ data, error }, reload] = useQuery({
    query: JobsDocument,
    variables: { first: PAGE, after: paging.after, filter: { quiet: false, connectionId } },
  });
  const jobs = data?.jobs.edges.map((edge) => edge.node) ?? [];
  const refresh = (): void => reload({ requestPolicy: "network-only" });
  useLiveJobs(jobs, refresh);

  return (
    <Page title={t("jobs.title")} backAction={{ content: t("menu.dashboard"), url: "/" }}>
      <BlockStack gap="400">
        {error && <FailureBanner error={error} retry={refresh} />}
        {connectionId && (
          <Banner tone="info" action={{ content: t("jobs.showAll"), url: "/jobs" }}>
            <p>{t("jobs.oneConnection")}</p>
          </Banner>
        )}
        {!data && !error && <CardSkeleton lines={12} />}
        {data && jobs.length === 0 && (
          <Card>
            <Nothing
              title={t("jobs.emptyTitle")}
              text={t("jobs.emptyText")}
              action={{ content: t("menu.dashboard"), url: "/" }}
            />
          </Card>
        )}
        {jobs.length > 0 && (
          <Card padding="0">
            <JobList jobs={jobs} />
          </Card>
        )}
        {data && <Pager paging={paging} pageInfo={data.jobs.pageInfo} />}
      </BlockStack>
    </Page>
  );
}
