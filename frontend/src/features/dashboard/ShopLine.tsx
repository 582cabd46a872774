import { BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { toast } from "~/app/appBridge";
import { Bar } from "~/components/Bar";
import { ShopAddress } from "~/components/ShopAddress";
import { ConnectionStateBadge, RoleBadge } from "~/components/StateBadge";
import { JobProgress } from "~/features/jobs/JobProgress";
import { isActive } from "~/features/jobs/jobState";
import {
  type ConnectionRowFragment,
  PreviewSyncDocument,
  SyncAllDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import { Agreement } from "./Agreement";
import { linkedShare, type ShopRow } from "./rows";
import styles from "./SyncState.module.css";

export function ShopLine({ shop }: { shop: ShopRow }) {
  const { t } = useTranslation();
  const { connection } = shop;
  const job = connection?.lastJob;
  return (
    <li className={styles.line}>
      <div className={styles.shop}>
        <BlockStack gap="100">
          <Text as="h3" fontWeight="semibold" breakWord>
            <ShopAddress domain={shop.domain} />
          </Text>
          <InlineStack gap="150" blockAlign="center">
            {shop.role && <RoleBadge role={shop.role} />}
            {connection && connection.state !== "ACTIVE" && <ConnectionStateBadge state={connection.state} />}
            {shop.isSelf && (
              <Text as="span" variant="bodySm" tone="subdued">
                {t("sync.thisShop")}
              </Text>
            )}
          </InlineStack>
        </BlockStack>
      </div>
      <div className={styles.state}>
        {job && isActive(job.state) ? <JobProgress job={job} /> : <Counts shop={shop} />}
      </div>
      <div className={styles.actions}>{connection && <Actions connection={connection} />}</div>
    </li>
  );
}

function Counts({ shop }: { shop: ShopRow }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { linked, available } = shop.productCounts;
  const share = linkedShare(shop.productCounts);
  const text =
    available === null
      ? t("sync.notRead")
      : t("sync.linked", {
          linked: format.number(linked),
          available: format.number(available),
          count: available,
        });
  const waits = useWaits(shop);
  return (
    <BlockStack gap="100">
      <Text as="span" variant="bodySm">
        {text}
      </Text>
      <Bar share={share ?? 0} label={text} tone={share === 1 ? "success" : "neutral"} />
      {shop.connection && <Agreement connection={shop.connection} />}
      {shop.role === "DEPENDENT" && (
        <BlockStack>
          {waits.length > 0 && (
            <Text as="span" variant="bodySm">
              {waits.join(" · ")}
            </Text>
          )}
          {(shop.lastInStepAt || waits.length === 0) && (
            <Text as="span" variant="bodySm" tone="subdued">
              {shop.lastInStepAt ? (
                <time dateTime={shop.lastInStepAt} title={format.dateTime(shop.lastInStepAt)}>
                  {t("sync.inStep", { when: format.relative(shop.lastInStepAt) })}
                </time>
              ) : (
                t("sync.neverInStep")
              )}
            </Text>
          )}
        </BlockStack>
      )}
    </BlockStack>
  );
}

/** What keeps the shop from being in step until a person decides. */
function useWaits({ connection }: ShopRow): readonly string[] {
  const { t } = useTranslation();
  const format = useFormat();
  if (!connection) return [];
  const { heldChanges, openConflicts } = connection;
  return [
    ...(heldChanges > 0 ? [t("sync.held", { count: heldChanges, number: format.number(heldChanges) })] : []),
    ...(openConflicts > 0
      ? [t("sync.toResolve", { count: openConflicts, number: format.number(openConflicts) })]
      : []),
  ];
}

function Actions({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const sync = useCommand(SyncAllDocument, { announce: true });
  const preview = useCommand(PreviewSyncDocument, { announce: true });
  const may = (permission: ConnectionRowFragment["permissions"][number]): boolean =>
    connection.permissions.includes(permission);
  const ready = connection.state === "ACTIVE" && connection.syncSettings !== null;
  const name = connection.dependent.domain;
  if (!may("SYNC") && !may("PREVIEW")) return null;

  return (
    <InlineStack gap="200" wrap={false}>
      {may("PREVIEW") && (
        <Button
          disabled={!ready}
          loading={preview.running}
          accessibilityLabel={t("sync.previewOf", { shop: name })}
          onClick={async () => {
            const result = await preview.run({ connectionId: connection.id, settings: null });
            if (result?.job) navigate(`/jobs/${result.job.id}`);
          }}
        >
          {t("sync.preview")}
        </Button>
      )}
      {may("SYNC") && (
        <Button
          disabled={!ready}
          loading={sync.running}
          accessibilityLabel={t("sync.oneOf", { shop: name })}
          onClick={async () => {
            if (await sync.run({ connectionIds: [connection.id] })) toast(t("sync.started", { count: 1 }));
          }}
        >
          {t("sync.one")}
        </Button>
      )}
    </InlineStack>
  );
}
