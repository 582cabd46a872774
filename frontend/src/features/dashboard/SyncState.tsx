import { BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { RefreshIcon } from "@shopify/polaris-icons";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { useSelf } from "~/app/self";
import { Pager } from "~/components/Pager";
import type { Paging } from "~/components/paging";
import { SyncAllDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import type { ShopRow } from "./rows";
import { ShopLine } from "./ShopLine";
import styles from "./SyncState.module.css";

/** Every shop with what is linked and when it was last in step, and the button that puts all in step. */
export function SyncState({
  shops,
  pageInfo,
  paging,
}: {
  shops: readonly ShopRow[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  paging: Paging;
}) {
  const { t } = useTranslation();
  const { shop: self } = useSelf();
  const sync = useCommand(SyncAllDocument, { announce: true });
  const ready = shops.some(
    ({ connection }) =>
      connection?.state === "ACTIVE" && connection.syncSettings && connection.permissions.includes("SYNC"),
  );
  const syncAll = async (): Promise<void> => {
    const result = await sync.run({ connectionIds: null });
    if (result) toast(t("sync.started", { count: result.jobs?.length ?? 0 }));
  };

  return (
    <Card padding="0">
      <Box padding="400">
        <InlineStack align="space-between" blockAlign="center" gap="400">
          <BlockStack gap="050">
            <Text as="h2" variant="headingMd">
              {t("sync.title")}
            </Text>
            <Text as="p" tone="subdued">
              {t(self.role === "MAIN" ? "sync.introMain" : "sync.introDependent")}
            </Text>
          </BlockStack>
          <Button
            variant="primary"
            icon={RefreshIcon}
            loading={sync.running}
            disabled={!ready}
            onClick={() => void syncAll()}
          >
            {t("sync.all")}
          </Button>
        </InlineStack>
      </Box>
      <ul className={styles.list}>
        {shops.map((shop) => (
          <ShopLine key={shop.id} shop={shop} />
        ))}
      </ul>
      <Pager paging={paging} pageInfo={pageInfo} />
    </Card>
  );
}
