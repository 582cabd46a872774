import { BlockStack, Button, Card, InlineStack, Page, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useSelf } from "~/app/self";
import { CopyField } from "~/components/CopyField";
import { ChooseRole } from "./ChooseRole";
import { KeyEntry } from "./KeyEntry";

/** First open, step by step; it can be left and taken up again, because the server knows how far it is. */
export default function Setup() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { shop, refresh } = useSelf();

  return (
    <Page narrowWidth={shop.role !== null} title={shop.role ? t("setup.title") : undefined}>
      {shop.role === null && <ChooseRole onChosen={refresh} />}
      {shop.role === "MAIN" && (
        <Card>
          <BlockStack gap="400">
            <BlockStack gap="200">
              <Text as="h2" variant="headingLg">
                {t("setup.keyTitle")}
              </Text>
              <Text as="p">{t("setup.keyText")}</Text>
            </BlockStack>
            {shop.connectionKey && <CopyField value={shop.connectionKey} label={t("key.label")} />}
            <Text as="p" tone="subdued">
              {t("setup.keySecret")}
            </Text>
            <InlineStack align="end">
              <Button variant="primary" url="/">
                {t("setup.toDashboard")}
              </Button>
            </InlineStack>
          </BlockStack>
        </Card>
      )}
      {shop.role === "DEPENDENT" && (
        <BlockStack gap="400">
          <KeyEntry
            onConnected={(connectionId) => {
              refresh();
              navigate(`/connections/${connectionId}/settings`);
            }}
          />
          <InlineStack align="center">
            <Button variant="plain" url="/">
              {t("setup.later")}
            </Button>
          </InlineStack>
        </BlockStack>
      )}
    </Page>
  );
}
