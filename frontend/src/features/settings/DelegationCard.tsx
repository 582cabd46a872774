import { Badge, BlockStack, Button, Card, InlineStack, List, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { Confirm } from "~/components/Confirm";
import { Sentence } from "~/components/Sentence";
import { type ConnectionRowFragment, SetDelegationDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";

/** Lending this shop's rights to the main, and taking them back at once. */
export function DelegationCard({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const command = useCommand(SetDelegationDocument, { announce: true });
  const main = connection.main.domain;
  const { delegated } = connection;
  const set = async (enabled: boolean): Promise<void> => {
    const done = await command.run({ connectionId: connection.id, enabled });
    setAsking(false);
    if (done) toast(t(enabled ? "rights.delegation.given" : "rights.delegation.taken", { main }));
  };
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t("rights.delegation.title")}
          </Text>
          <Badge tone={delegated ? "info" : undefined}>
            {t(delegated ? "rights.delegation.on" : "rights.delegation.off")}
          </Badge>
        </InlineStack>
        <Text as="p">
          <Sentence
            text={t(delegated ? "rights.delegation.textOn" : "rights.delegation.textOff", { main })}
          />
        </Text>
        <List>
          <List.Item>{t("rights.delegation.settings")}</List.Item>
          <List.Item>{t("rights.delegation.held")}</List.Item>
          <List.Item>{t("rights.delegation.undo")}</List.Item>
        </List>
        <Text as="p" tone="subdued">
          {t("rights.delegation.never")}
        </Text>
        <InlineStack>
          {delegated ? (
            <Button loading={command.running} onClick={() => void set(false)}>
              {t("rights.delegation.take")}
            </Button>
          ) : (
            <Button onClick={() => setAsking(true)}>{t("rights.delegation.give")}</Button>
          )}
        </InlineStack>
      </BlockStack>
      {asking && (
        <Confirm
          title={t("rights.delegation.askTitle", { main })}
          text={t("rights.delegation.askText", { main })}
          action={t("rights.delegation.give")}
          running={command.running}
          onClose={() => setAsking(false)}
          onConfirm={() => void set(true)}
        />
      )}
    </Card>
  );
}
