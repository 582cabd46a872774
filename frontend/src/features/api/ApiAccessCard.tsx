import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

/** The way from the settings to the API tokens. */
export function ApiAccessCard() {
  const { t } = useTranslation();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("apiAccess.title")}
        </Text>
        <Text as="p">{t("apiAccess.cardText")}</Text>
        <InlineStack>
          <Button url="/api-access">{t("apiAccess.open")}</Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
