import { BlockStack, List, Text } from "@shopify/polaris";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { Dialog } from "~/components/Dialog";
import { type ConnectionRowFragment, DisconnectDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";

/** Ending a connection: the dialog says what stays. `disconnect` is undefined where it can't be ended. */
export function useDisconnect(
  connection: ConnectionRowFragment,
  onDone: () => void,
): { disconnect: (() => void) | undefined; dialog: ReactNode } {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const command = useCommand(DisconnectDocument, { announce: true });
  const shops = { main: connection.main.domain, dependent: connection.dependent.domain };
  const close = (): void => setAsking(false);
  const dialog = asking && (
    <Dialog
      title={t("connection.disconnectTitle", shops)}
      action={t("connection.disconnect")}
      destructive
      running={command.running}
      onAction={async () => {
        const done = await command.run({ connectionId: connection.id });
        close();
        if (!done) return;
        toast(t("connection.disconnected"));
        onDone();
      }}
      onClose={close}
    >
      <Text as="p">{t("rights.disconnect.ends")}</Text>
      <BlockStack gap="100">
        <Text as="h3" variant="headingSm">
          {t("rights.disconnect.stays")}
        </Text>
        <List>
          <List.Item>{t("rights.disconnect.products")}</List.Item>
          <List.Item>{t("rights.disconnect.links")}</List.Item>
          <List.Item>{t("rights.disconnect.settings")}</List.Item>
        </List>
      </BlockStack>
      <Text as="p">{t("rights.disconnect.again")}</Text>
    </Dialog>
  );
  const may = connection.permissions.includes("DISCONNECT");
  return { disconnect: may ? () => setAsking(true) : undefined, dialog };
}
