import { BlockStack, Button, Form, InlineStack, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { ConnectWithKeyDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useErrorText } from "~/i18n/errorText";

/** The field for a main's connection key; what is wrong with the key stands beside it. */
export function KeyForm({ onConnected }: { onConnected: (connectionId: string) => void }) {
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
    <Form onSubmit={() => void connect()} noValidate>
      <BlockStack gap="400">
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
          helpText={t("connect.hint")}
          error={missing ? t("connect.empty") : refusal && errorText(refusal)}
        />
        <InlineStack align="end">
          <Button submit variant="primary" loading={command.running}>
            {t("connect.action")}
          </Button>
        </InlineStack>
      </BlockStack>
    </Form>
  );
}
