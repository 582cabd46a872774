import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { KeyForm } from "./KeyForm";

/** A dependent enters its main's connection key. */
export function KeyEntry({ onConnected }: { onConnected: (connectionId: string) => void }) {
  const { t } = useTranslation();
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingLg">
            {t("connect.title")}
          </Text>
          <Text as="p">{t("connect.text")}</Text>
        </BlockStack>
        <KeyForm onConnected={onConnected} />
      </BlockStack>
    </Card>
  );
}
