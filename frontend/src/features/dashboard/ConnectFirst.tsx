import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useSelf } from "~/app/self";
import { CopyField } from "~/components/CopyField";
import { KeyEntry } from "~/features/setup/KeyEntry";

/** The dashboard of a shop that stands alone: how it comes to be connected. */
export function ConnectFirst({ onConnected }: { onConnected: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { shop, refresh } = useSelf();
  if (shop.role === "DEPENDENT") {
    return (
      <KeyEntry
        onConnected={(connectionId) => {
          refresh();
          onConnected();
          navigate(`/connections/${connectionId}/settings`);
        }}
      />
    );
  }
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("connect.mainTitle")}
        </Text>
        <Text as="p">{t("connect.mainText")}</Text>
        {shop.connectionKey && <CopyField value={shop.connectionKey} label={t("key.label")} />}
      </BlockStack>
    </Card>
  );
}
