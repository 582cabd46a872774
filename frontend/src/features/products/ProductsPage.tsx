import { BlockStack, Card, Page, Tabs } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { useQuery } from "urql";
import { NotFound } from "~/app/NotFound";
import { Redirect } from "~/app/Redirect";
import { useSelf } from "~/app/self";
import { FailureBanner } from "~/components/FailureBanner";
import { Nothing } from "~/components/Nothing";
import { PageSkeleton } from "~/components/PageSkeleton";
import { useConnections } from "~/features/connections/useConnections";
import { useLiveJobs } from "~/features/jobs/live";
import { ConnectionSettingsDocument, DependentsDocument } from "~/graphql/generated/graphql";
import { ConflictList } from "./ConflictList";
import { DependentChoice } from "./DependentChoice";
import { DifferenceList } from "./DifferenceList";
import { HoldList } from "./HoldList";
import { LinkList } from "./LinkList";
import { LocalEditList } from "./LocalEditList";
import { UnlinkedList } from "./UnlinkedList";

const TABS = ["conflicts", "links", "unlinked", "differences", "holds", "edits"] as const;

/** A connection's products: what a person must decide, what is linked, what is kept as it is. */
export default function ProductsPage() {
  const { connectionId } = useParams();
  const [params] = useSearchParams();
  const { shop } = useSelf();
  if (connectionId) return <ConnectionProducts key={connectionId} connectionId={connectionId} />;
  if (shop.role === "MAIN") return <FirstDependent />;
  if (shop.connection)
    return (
      <Redirect to={`/connections/${shop.connection.id}/products?tab=${params.get("tab") ?? "conflicts"}`} />
    );
  return <NotConnected />;
}

function FirstDependent() {
  const [{ data, error }, reload] = useQuery({ query: DependentsDocument, variables: { after: null } });
  if (!data) {
    return error ? (
      <Page>
        <FailureBanner error={error} retry={() => reload({ requestPolicy: "network-only" })} />
      </Page>
    ) : (
      <PageSkeleton />
    );
  }
  const first = data.connections.edges[0]?.node;
  return first ? <Redirect to={`/connections/${first.id}/products`} /> : <NotConnected />;
}

function NotConnected() {
  const { t } = useTranslation();
  return (
    <Page title={t("menu.products")}>
      <Card>
        <Nothing
          title={t("products.notConnected")}
          text={t("products.notConnectedText")}
          action={{ content: t("menu.dashboard"), url: "/" }}
        />
      </Card>
    </Page>
  );
}

function ConnectionProducts({ connectionId }: { connectionId: string }) {
  const { t } = useTranslation();
  const { shop } = useSelf();
  const [params, setParams] = useSearchParams();
  const [{ data, error }, reload] = useQuery({
    query: ConnectionSettingsDocument,
    variables: { connectionId },
  });
  const dependents = useConnections();
  useLiveJobs([], () => reload({ requestPolicy: "network-only" }));
  const asked = params.get("tab");
  const tab = Math.max(0, (TABS as readonly (string | null)[]).indexOf(asked));
  // Together with the choice above it, so that the list does not move when that comes.
  if (!data || !(dependents.connections || dependents.error)) {
    return error ? (
      <Page>
        <FailureBanner error={error} retry={() => reload({ requestPolicy: "network-only" })} />
      </Page>
    ) : (
      <PageSkeleton />
    );
  }
  const { connection } = data;
  if (!connection) return <NotFound />;
  return (
    <Page
      title={t("menu.products")}
      subtitle={`${connection.main.domain} → ${connection.dependent.domain}`}
      backAction={{ content: t("menu.dashboard"), url: "/" }}
    >
      <BlockStack gap="400">
        {shop.role === "MAIN" && <DependentChoice connectionId={connectionId} />}
        <Card padding="0">
          <Tabs
            tabs={TABS.map((name) => ({
              id: name,
              content: t(`products.tab.${name}`),
              ...(name === "conflicts" &&
                connection.openConflicts > 0 && { badge: String(connection.openConflicts) }),
              ...(name === "differences" &&
                connection.parity.differences > 0 && { badge: String(connection.parity.differences) }),
            }))}
            selected={tab}
            onSelect={(index) => setParams({ tab: TABS[index] ?? "conflicts" }, { replace: true })}
          >
            {TABS[tab] === "conflicts" && <ConflictList connection={connection} />}
            {TABS[tab] === "links" && <LinkList connection={connection} />}
            {TABS[tab] === "unlinked" && <UnlinkedList connection={connection} />}
            {TABS[tab] === "holds" && <HoldList connection={connection} />}
            {TABS[tab] === "differences" && <DifferenceList connection={connection} />}
            {TABS[tab] === "edits" && <LocalEditList connection={connection} />}
          </Tabs>
        </Card>
      </BlockStack>
    </Page>
  );
}
