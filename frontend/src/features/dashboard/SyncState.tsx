import { BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { RefreshIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { toast } from "~/app/appBridge";
import { useSelf } from "~/app/self";
import { Pager } from "~/components/Pager";
import type { Paging } from "~/components/paging";
import { PreviewSyncDocument, type StandingFragment, SyncAllDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import type { ShopRow } from "./rows";
import { ShopLine } from "./ShopLine";
import styles from "./SyncState.module.css";

/** Every shop with what is linked and when it was last in step, and the button that puts all in step. */
export function SyncState({
  shops,
  connections,
  pageInfo,
  paging,
}: {
  shops: readonly ShopRow[];
  /** All of them, whichever shops are on the screen. */
  connections: readonly StandingFragment[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  paging: Paging;
}) {
  const { t } = useTranslation();
  const { shop: self } = useSelf();
  const sync = useCommand(SyncAllDocument, { announce: true });
  const ready = connections.some(
    ({ state, syncSettings, permissions }) =>
      state === "ACTIVE" && syncSettings !== null && permissions.includes("SYNC"),
  );
  const preview = usePreviewAll(connections);
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
          <InlineStack gap="200">
            <Button
              accessibilityLabel={t("previewAll.label")}
              loading={preview.running}
              disabled={!preview.possible}
              onClick={() => void preview.start()}
            >
              {t("previewAll.action")}
            </Button>
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

/** What a sync of all shops would change: one preview leads to its page, several stand among the jobs. */
function usePreviewAll(connections: readonly StandingFragment[]) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const preview = useCommand(PreviewSyncDocument, { announce: true });
  const [running, setRunning] = useState(false);
  const wanted = connections
    .filter(
      ({ state, syncSettings, permissions }) =>
        syncSettings && (state === "ACTIVE" || state === "PAUSED") && permissions.includes("PREVIEW"),
    )
    .map(({ id }) => id);
  const start = async (): Promise<void> => {
    setRunning(true);
    const started: string[] = [];
    for (const connectionId of wanted) {
      const result = await preview.run({ connectionId, settings: null });
      if (result?.job) started.push(result.job.id);
    }
    setRunning(false);
    const [only] = started;
    if (!only) return;
    toast(t("previewAll.started", { count: started.length }));
    navigate(started.length === 1 ? `/jobs/${only}` : "/jobs");
  };
  return { possible: wanted.length > 0, running, start };
}
