import { Banner, BlockStack, Card, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { useQuery } from "urql";
import { toast } from "~/app/appBridge";
import { NotFound } from "~/app/NotFound";
import { FailureBanner } from "~/components/FailureBanner";
import { PageSkeleton } from "~/components/PageSkeleton";
import { JobStateBadge } from "~/components/StateBadge";
import { JobDocument, type JobQuery, SyncAllDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useErrorText } from "~/i18n/errorText";
import { Changes } from "./Changes";
import { HeldBanner } from "./HeldBanner";
import { JobFacts } from "./JobFacts";
import { JobProgress } from "./JobProgress";
import { isActive } from "./jobState";
import { useLiveJob } from "./live";
import { StandstillBanner } from "./StandstillBanner";
import { useCsv } from "./useCsv";
import { useJobActions } from "./useJobActions";

export default function JobPage() {
  const { jobId = "" } = useParams();
  const [{ data, error }, reload] = useQuery({ query: JobDocument, variables: { id: jobId } });
  const refresh = (): void => reload({ requestPolicy: "network-only" });
  useLiveJob(data?.job ?? null, refresh);

  if (!data) {
    return error ? (
      <Page>
        <FailureBanner error={error} retry={refresh} />
      </Page>
    ) : (
      <PageSkeleton cards={3} />
    );
  }
  return data.job ? <JobDetails key={data.job.id} job={data.job} /> : <NotFound />;
}

type Job = NonNullable<JobQuery["job"]>;

function JobDetails({ job }: { job: Job }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { items, dialog } = useJobActions(job);
  const csv = useCsv(job);
  const active = isActive(job.state);
  const preview = job.kind === "PREVIEW";
  const syncNow = useSyncNow(job);

  return (
    <Page
      title={t(`job.kind.${job.kind}`)}
      titleMetadata={<JobStateBadge state={job.state} />}
      subtitle={`${job.connection.main.domain} → ${job.connection.dependent.domain}`}
      backAction={{ content: t("menu.dashboard"), url: "/" }}
      primaryAction={preview && !active ? syncNow : undefined}
      secondaryActions={[...items, csv]}
    >
      <BlockStack gap="400">
        {job.error && (
          <Banner tone="critical" title={errorText(job.error)}>
            {job.error.message && job.error.message !== job.error.code && (
              <p>{t("job.said", { message: job.error.message })}</p>
            )}
          </Banner>
        )}
        {preview && !active && !job.error && (
          <Banner tone={job.counts.total === 0 ? "success" : "info"}>
            <p>{t(job.counts.total === 0 ? "job.previewNothing" : "job.previewText")}</p>
          </Banner>
        )}
        {!preview && <HeldBanner job={job} />}
        <StandstillBanner jobs={[job]} />
        {active && (
          <Card>
            <JobProgress job={job} />
          </Card>
        )}
        <JobFacts job={job} />
        <Changes job={job} />
      </BlockStack>
      {dialog}
    </Page>
  );
}

function useSyncNow(job: Job) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const sync = useCommand(SyncAllDocument, { announce: true });
  if (!job.connection.permissions.includes("SYNC")) return undefined;
  return {
    content: t("sync.now"),
    loading: sync.running,
    disabled: job.connection.state !== "ACTIVE",
    onAction: async () => {
      const result = await sync.run({ connectionIds: [job.connection.id] });
      const started = result?.jobs?.[0];
      if (!started) return;
      toast(t("sync.started", { count: 1 }));
      navigate(`/jobs/${started.id}`);
    },
  };
}
