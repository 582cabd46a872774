import { Banner, BlockStack, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { useQuery } from "urql";
import { NotFound } from "~/app/NotFound";
import { useSelf } from "~/app/self";
import { FailureBanner } from "~/components/FailureBanner";
import { PageSkeleton } from "~/components/PageSkeleton";
import { ConnectionStateBadge } from "~/components/StateBadge";
import { ApiAccessCard } from "~/features/api/ApiAccessCard";
import { ConnectionSettingsDocument } from "~/graphql/generated/graphql";
import { ConnectionCard } from "./ConnectionCard";
import { LocationMappings } from "./LocationMappings";
import { SyncSettingsForm } from "./SyncSettingsForm";

/** A connection's settings: the dependent's to change, the main's to look at. */
export default function ConnectionSettingsPage() {
  const { t } = useTranslation();
  const { connectionId = "" } = useParams();
  const { shop: self } = useSelf();
  const [{ data, error }, reload] = useQuery({
    query: ConnectionSettingsDocument,
    variables: { connectionId },
  });
  if (!data) {
    return error ? (
      <Page>
        <FailureBanner error={error} retry={() => reload({ requestPolicy: "network-only" })} />
      </Page>
    ) : (
      <PageSkeleton cards={4} />
    );
  }
  const { connection } = data;
  if (!connection) return <NotFound />;

  const editable = connection.permissions.includes("EDIT_SETTINGS") && connection.state !== "DISCONNECTED";
  const own = connection.dependent.domain === self.domain;
  return (
    <Page
      title={t(own ? "settings.title" : "settings.titleOf", { shop: connection.dependent.domain })}
      titleMetadata={<ConnectionStateBadge state={connection.state} />}
      subtitle={`${connection.main.domain} → ${connection.dependent.domain}`}
      backAction={{ content: t("menu.dashboard"), url: own ? "/" : "/settings" }}
    >
      <BlockStack gap="400">
        {!editable && !own && (
          <Banner tone="info">
            <p>{t("settings.readOnly", { shop: connection.dependent.domain })}</p>
          </Banner>
        )}
        {!editable && !connection.syncSettings ? (
          <Banner>
            <p>{t("settings.notChosen")}</p>
          </Banner>
        ) : (
          <SyncSettingsForm
            key={connection.syncSettings?.version ?? 0}
            connection={connection}
            settings={connection.syncSettings}
            editable={editable}
          />
        )}
        <LocationMappings connection={connection} editable={editable} />
        <ConnectionCard connection={connection} />
        {own && <ApiAccessCard />}
      </BlockStack>
    </Page>
  );
}
