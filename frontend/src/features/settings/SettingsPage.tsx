import { BlockStack, Button, InlineStack, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { Redirect } from "~/app/Redirect";
import { useSelf } from "~/app/self";
import { ApiAccessCard } from "~/features/api/ApiAccessCard";
import { ReceivedInvitations } from "~/features/invitations/ReceivedInvitations";
import { KeyEntry } from "~/features/setup/KeyEntry";
import { MainSettings } from "./MainSettings";

/** The settings of this shop: a main's key and shops, a dependent's sync settings or, unconnected, how to connect. */
export default function SettingsPage() {
  const { t } = useTranslation();
  const { shop, refresh } = useSelf();
  if (shop.role === "MAIN") return <MainSettings />;
  if (shop.connection && shop.connection.state !== "DISCONNECTED") {
    return <Redirect to={`/connections/${shop.connection.id}/settings`} />;
  }
  return (
    <Page title={t("menu.settings")} backAction={{ content: t("menu.dashboard"), url: "/" }} narrowWidth>
      <BlockStack gap="400">
        <ReceivedInvitations>
          <KeyEntry onConnected={refresh} />
          <InlineStack align="center">
            <Button variant="plain" url="/setup/role">
              {t("onboarding.changeRole")}
            </Button>
          </InlineStack>
        </ReceivedInvitations>
        <ApiAccessCard />
      </BlockStack>
    </Page>
  );
}
