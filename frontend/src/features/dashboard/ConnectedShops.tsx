import { BlockStack, Box, Button, Card, Divider, InlineStack, Text } from "@shopify/polaris";
import { PlusIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSelf } from "~/app/self";
import { CopyField } from "~/components/CopyField";
import { ConnectionStateBadge, RoleBadge } from "~/components/StateBadge";
import type { ShopRow } from "./rows";

/** Who is tied to whom, and in what state; a main adds shops here. */
export function ConnectedShops({ shops }: { shops: readonly ShopRow[] }) {
  const { t } = useTranslation();
  const { shop: self } = useSelf();
  const [adding, setAdding] = useState(false);
  const others = shops.filter((shop) => !shop.isSelf);

  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t("shops.title")}
          </Text>
          {self.role === "MAIN" && (
            <Button
              icon={PlusIcon}
              variant="tertiary"
              ariaExpanded={adding}
              ariaControls="add-shop"
              onClick={() => setAdding(!adding)}
            >
              {t("shops.add")}
            </Button>
          )}
        </InlineStack>
        <div id="add-shop">
          {adding && self.connectionKey && (
            <Box background="bg-surface-secondary" padding="300" borderRadius="200">
              <BlockStack gap="200">
                <Text as="p">{t("shops.addText")}</Text>
                <CopyField value={self.connectionKey} label={t("key.label")} />
              </BlockStack>
            </Box>
          )}
        </div>
        {others.length === 0 && (
          <Text as="p" tone="subdued">
            {t(self.role === "MAIN" ? "shops.noneMain" : "shops.noneDependent")}
          </Text>
        )}
        {others.map((shop, index) => (
          <BlockStack key={shop.id} gap="300">
            {index > 0 && <Divider />}
            <BlockStack gap="100">
              <Text as="p" fontWeight="medium" breakWord>
                {shop.domain}
              </Text>
              <InlineStack gap="150" blockAlign="center">
                {shop.role && <RoleBadge role={shop.role} />}
                <ShopState
                  shop={shop}
                  tie={self.role === "DEPENDENT" ? shops.find((row) => row.isSelf) : shop}
                />
              </InlineStack>
            </BlockStack>
          </BlockStack>
        ))}
      </BlockStack>
    </Card>
  );
}

/** The state of the tie stands at the dependent's end, whichever end looks at it. */
function ShopState({ shop, tie }: { shop: ShopRow; tie: ShopRow | undefined }) {
  const { t } = useTranslation();
  const connection = tie?.connection;
  return (
    <>
      {connection && <ConnectionStateBadge state={connection.state} />}
      {connection && shop.role === "DEPENDENT" && (
        <Button variant="plain" url={`/connections/${connection.id}/settings`}>
          {t("shops.settings")}
        </Button>
      )}
    </>
  );
}
