import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { toast } from "~/app/appBridge";
import { useSelf } from "~/app/self";
import { Confirm } from "~/components/Confirm";
import { type ConnectionRowFragment, DisconnectDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";

/** Who is connected since when, and the way out. */
export function ConnectionCard({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { refresh } = useSelf();
  const [asking, setAsking] = useState(false);
  const disconnect = useCommand(DisconnectDocument, { announce: true });
  const shops = { main: connection.main.domain, dependent: connection.dependent.domain };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("connection.title")}
        </Text>
        <Text as="p">{t("connection.text", { ...shops, date: format.dateTime(connection.createdAt) })}</Text>
        {connection.permissions.includes("DISCONNECT") && connection.state !== "DISCONNECTED" && (
          <InlineStack>
            <Button tone="critical" onClick={() => setAsking(true)}>
              {t("connection.disconnect")}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
      {asking && (
        <Confirm
          title={t("connection.disconnectTitle", shops)}
          text={t("connection.disconnectText")}
          action={t("connection.disconnect")}
          destructive
          running={disconnect.running}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            const done = await disconnect.run({ connectionId: connection.id });
            setAsking(false);
            if (!done) return;
            toast(t("connection.disconnected"));
            refresh();
            navigate("/");
          }}
        />
      )}
    </Card>
  );
}
