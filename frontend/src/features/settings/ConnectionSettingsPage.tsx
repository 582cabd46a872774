import { Banner, BlockStack, Page } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { useQuery } from "urql";
import { NotFound } from "~/app/NotFound";
import { useSelf } from "~/app/self";
import { FailureBanner } from "~/components/FailureBanner";
import { PageSkeleton } from "~/components/PageSkeleton";
import { Sentence } from "~/components/Sentence";
import { ConnectionStateBadge } from "~/components/StateBadge";
import { ApiAccessCard } from "~/features/api/ApiAccessCard";
import { ConnectionSettingsDocument, type ConnectionSettingsQuery } from "~/graphql/generated/graphql";
import { ConnectionCard } from "./ConnectionCard";
import { CopyDialog } from "./CopyDialog";
import { DelegationCard } from "./DelegationCard";
import { LocationMappings } from "./LocationMappings";
import { PausedBanner } from "./PausedBanner";
import { SyncSettingsForm } from "./SyncSettingsForm";

/** A connection's settings: the dependent's to change; the main's to look at, or to change too where it may. */
export default function ConnectionSettingsPage() {
  const { connectionId = "" } = useParams();
  const [{ data, error }, read] = useQuery({
    query: ConnectionSettingsDocument,
    variables: { connectionId },
  });
  const reload = (): void => read({ requestPolicy: "network-only" });
  if (!data) {
    return error ? (
      <Page>
        <FailureBanner error={error} retry={reload} />
      </Page>
    ) : (
      <PageSkeleton cards={4} />
    );
  }
  if (!data.connection) return <NotFound />;
  return <Settings key={connectionId} connection={data.connection} reload={reload} />;
}

function Settings({
  connection,
  reload,
}: {
  connection: NonNullable<ConnectionSettingsQuery["connection"]>;
  reload: () => void;
}) {
  const { t } = useTranslation();
  const { shop: self } = useSelf();
  const [copying, setCopying] = useState(false);
  const { permissions, syncSettings } = connection;
  const editable = permissions.includes("EDIT_SETTINGS");
  const own = connection.dependent.domain === self.domain;
  const shop = connection.dependent.domain;
  return (
    <Page
      title={t("settings.title")}
      titleMetadata={<ConnectionStateBadge state={connection.state} />}
      subtitle={`${connection.main.domain} → ${shop}`}
      backAction={{ content: t("menu.dashboard"), url: own ? "/" : "/settings" }}
      secondaryActions={
        !own && syncSettings ? [{ content: t("rights.copy.menu"), onAction: () => setCopying(true) }] : []
      }
    >
      <BlockStack gap="400">
        <PausedBanner connection={connection} />
        {!own && (
          <Banner tone="info">
            <p>
              <Sentence text={t(editable ? "rights.delegation.asMain" : "settings.readOnly", { shop })} />
            </p>
          </Banner>
        )}
        {!editable && !syncSettings ? (
          <Banner>
            <p>{t("settings.notChosen")}</p>
          </Banner>
        ) : (
          <SyncSettingsForm
            connection={connection}
            settings={syncSettings}
            editable={editable}
            asMain={!own}
            reload={reload}
          />
        )}
        <LocationMappings connection={connection} editable={editable} own={own} />
        {permissions.includes("DELEGATE") && <DelegationCard connection={connection} />}
        <ConnectionCard connection={connection} own={own} />
        {own && <ApiAccessCard />}
      </BlockStack>
      {copying && <CopyDialog connection={connection} onClose={() => setCopying(false)} />}
    </Page>
  );
}
