import { BlockStack, Layout, Page } from "@shopify/polaris";
import { SettingsIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useSelf } from "~/app/self";
import { FailureBanner } from "~/components/FailureBanner";
import { CardSkeleton } from "~/components/PageSkeleton";
import { usePaging } from "~/components/paging";
import { useConnections } from "~/features/connections/useConnections";
import { useWaiting } from "~/features/invitations/useWaiting";
import { useLiveJobs } from "~/features/jobs/live";
import { StandstillBanner } from "~/features/jobs/StandstillBanner";
import { AskedJobsDocument, DashboardDocument, JobsDocument } from "~/graphql/generated/graphql";
import { Attention } from "./Attention";
import { ConnectedShops } from "./ConnectedShops";
import { ConnectFirst } from "./ConnectFirst";
import { ASKED_JOBS, failuresOf } from "./failures";
import { PlanCard, useCurrentPlan } from "./PlanCard";
import { RecentJobs } from "./RecentJobs";
import { RECENT_JOBS } from "./recentJobs";
import { SetAside } from "./SetAside";
import { SyncState } from "./SyncState";
import { useMatters } from "./useMatters";
import { useUnattended } from "./useUnattended";

export function Dashboard() {
  const { t } = useTranslation();
  const { shop } = useSelf();
  const paging = usePaging();
  const [shops, reloadShops] = useQuery({ query: DashboardDocument, variables: { after: paging.after } });
  const [plan, reloadPlan] = useCurrentPlan();
  const [jobs, reloadJobs] = useQuery({ query: JobsDocument, variables: RECENT_JOBS });
  const [asked, reloadAsked] = useQuery({ query: AskedJobsDocument, variables: ASKED_JOBS });
  const standings = useConnections();
  const waiting = useWaiting(shop.role === "MAIN" ? "SENT" : "RECEIVED");
  const unattended = useUnattended();

  const rows = shops.data?.shops.edges.map((edge) => edge.node) ?? [];
  const recent = jobs.data?.jobs.edges.map((edge) => edge.node) ?? [];
  const refresh = (): void => {
    reloadShops({ requestPolicy: "network-only" });
    reloadJobs({ requestPolicy: "network-only" });
    reloadPlan({ requestPolicy: "network-only" });
    reloadAsked({ requestPolicy: "network-only" });
    standings.reload();
  };
  const connections = rows.flatMap((row) => (row.connection ? [row.connection] : []));
  const latest = connections.flatMap(({ lastJob }) => (lastJob ? [lastJob] : []));
  useLiveJobs([...recent, ...latest], refresh);

  const alive = connections.filter((connection) => connection.state !== "DISCONNECTED");
  const failure = shops.error ?? jobs.error;
  const every = standings.connections ?? [];
  const matters = useMatters({
    connections: every,
    failures: failuresOf(every, asked.data?.jobs.nodes ?? [], new Date()),
    plan: plan.data?.currentPlan,
  });

  // At first everything comes together: what needs attention stands above the rest and would push it down.
  const [ready, setReady] = useState(false);
  const settled =
    waiting.settled &&
    (standings.connections !== undefined || standings.error !== undefined) &&
    [shops, jobs, asked, plan].every(({ data, error }) => data || error);
  if (settled && !ready) setReady(true);

  return (
    <Page
      title={t("dashboard.title")}
      subtitle={shop.domain}
      fullWidth
      secondaryActions={[{ content: t("menu.settings"), icon: SettingsIcon, url: "/settings" }]}
    >
      <BlockStack gap="400">
        {failure && <FailureBanner error={failure} retry={refresh} />}
        {ready ? (
          <>
            <StandstillBanner jobs={onceEach([...recent, ...latest])} since={unattended} />
            <Attention matters={matters} />
            <SetAside connections={every} />
            <Layout>
              <Layout.Section>
                <BlockStack gap="400">
                  {!shops.data && !shops.error && <CardSkeleton lines={8} />}
                  {shops.data &&
                    (alive.length === 0 && paging.index === 0 ? (
                      <ConnectFirst onConnected={refresh} />
                    ) : (
                      <SyncState
                        shops={rows}
                        connections={every}
                        pageInfo={shops.data.shops.pageInfo}
                        paging={paging}
                      />
                    ))}
                  {jobs.data && <RecentJobs jobs={recent} more={jobs.data.jobs.pageInfo.hasNextPage} />}
                </BlockStack>
              </Layout.Section>
              <Layout.Section variant="oneThird">
                <BlockStack gap="400">
                  {(shops.data || !shops.error) && (
                    <ConnectedShops shops={shops.data && rows} waiting={waiting} onAnswered={refresh} />
                  )}
                  {plan.data && <PlanCard plan={plan.data.currentPlan} />}
                </BlockStack>
              </Layout.Section>
            </Layout>
          </>
        ) : (
          <Layout>
            <Layout.Section>
              <BlockStack gap="400">
                <CardSkeleton lines={8} />
                <CardSkeleton lines={8} />
              </BlockStack>
            </Layout.Section>
            <Layout.Section variant="oneThird">
              <BlockStack gap="400">
                <CardSkeleton lines={4} />
                <CardSkeleton lines={2} />
              </BlockStack>
            </Layout.Section>
          </Layout>
        )}
      </BlockStack>
    </Page>
  );
}

/** The latest job of a connection is often one of the recent ones. */
function onceEach<Row extends { id: string }>(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
