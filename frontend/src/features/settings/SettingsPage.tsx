import { BlockStack, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { Navigate } from "react-router";
import { useSelf } from "~/app/self";
import { ApiAccessCard } from "~/features/api/ApiAccessCard";
import { KeyEntry } from "~/features/setup/KeyEntry";
import { MainSettings } from "./MainSettings";

/** The settings of this shop: a main's key and shops, a dependent's sync settings or, unconnected, the key entry. */
export default function SettingsPage() {
  const { t } = useTranslation();
  const { shop, refresh } = useSelf();
  if (shop.role === "MAIN") return <MainSettings />;
  if (shop.connection && shop.connection.state !== "DISCONNECTED") {
    return <Navigate to={`/connections/${shop.connection.id}/settings`} replace />;
  }
  return (
    <Page title={t("menu.settings")} backAction={{ content: t("menu.dashboard"), url: "/" }} narrowWidth>
      <BlockStack gap="400">
        <KeyEntry onConnected={refresh} />
        <ApiAccessCard />
      </BlockStack>
    </Page>
  );
}
