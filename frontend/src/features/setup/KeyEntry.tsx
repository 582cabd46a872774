import { BlockStack, Button, Card, Form, InlineStack, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { ConnectWithKeyDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useErrorText } from "~/i18n/errorText";

/** A dependent enters its main's connection key. */
export function KeyEntry({ onConnected }: { onConnected: (connectionId: string) => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [key, setKey] = useState("");
  const [missing, setMissing] = useState(false);
  const command = useCommand(ConnectWithKeyDocument);
  const [refusal] = command.errors;

  const connect = async (): Promise<void> => {
    const trimmed = key.trim();
    setMissing(trimmed === "");
    if (trimmed === "") return;
    const result = await command.run({ key: trimmed });
    if (!result?.connection) return;
    toast(t("connect.done", { shop: result.connection.main.domain }));
    onConnected(result.connection.id);
  };

  return (
    <Card>
      <Form onSubmit={() => void connect()} noValidate>
        <BlockStack gap="400">
          <BlockStack gap="200">
            <Text as="h2" variant="headingLg">
              {t("connect.title")}
            </Text>
            <Text as="p">{t("connect.text")}</Text>
          </BlockStack>
          <TextField
            label={t("key.label")}
            value={key}
            onChange={(value) => {
              setKey(value);
              setMissing(false);
              command.clear();
            }}
            autoComplete="off"
            monospaced
            spellCheck={false}
            maxLength={200}
            placeholder="mss_…"
            error={missing ? t("connect.empty") : refusal && errorText(refusal)}
          />
          <InlineStack align="end">
            <Button submit variant="primary" loading={command.running}>
              {t("connect.action")}
            </Button>
          </InlineStack>
          <Text as="p" tone="subdued">
            {t("connect.hint")}
          </Text>
        </BlockStack>
      </Form>
    </Card>
  );
}
