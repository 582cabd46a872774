import { Badge, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { useChangeName } from "~/features/jobs/changeName";
import { tracedValue } from "~/features/trace/traceable";
import { WhyButton } from "~/features/trace/WhyButton";
import {
  type ConnectionRowFragment,
  type DifferenceRowFragment,
  DifferencesDocument,
  RepairDifferencesDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useErrorText } from "~/i18n/errorText";
import { useFormat } from "~/i18n/format";
import { numberOf } from "./adminLinks";
import { repairable } from "./repairable";
import { Item, SearchedList } from "./SearchedList";
import { useSearched } from "./useSearched";
import { ValuePair } from "./ValuePair";

/** Where the dependent does not say what it should, as last checked, and what can be done about it. */
export function DifferenceList({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const repair = useRepair(connection);
  const searched = useSearched(DifferencesDocument, connection.id);
  const list = searched.data?.differences;
  const { share, checked, linked } = connection.parity;
  return (
    <SearchedList
      list={list}
      searched={searched}
      empty={{ title: t("difference.emptyTitle"), text: t("difference.emptyText") }}
      note={
        <InlineStack align="space-between" blockAlign="center" gap="400">
          <Text as="p" tone="subdued">
            {share === null
              ? t("parity.notChecked")
              : `${t("parity.equal", { share: format.exactShare(share) })} · ${t("parity.checked", {
                  count: linked,
                  checked: format.number(checked),
                  linked: format.number(linked),
                })}`}
          </Text>
          {repair.allowed && connection.parity.differences > 0 && (
            <Button loading={repair.running} onClick={() => void repair.run(null)}>
              {t("difference.repairAll")}
            </Button>
          )}
        </InlineStack>
      }
    >
      {list?.edges.map(({ node }) => (
        <DifferenceItem key={node.id} difference={node} connection={connection} />
      ))}
    </SearchedList>
  );
}

function DifferenceItem({
  difference,
  connection,
}: {
  difference: DifferenceRowFragment;
  connection: ConnectionRowFragment;
}) {
  const { t } = useTranslation();
  const name = useChangeName();
  const errorText = useErrorText();
  const repair = useRepair(connection);
  const title = difference.title || numberOf(difference.productId);
  const what = name({ action: "SET", field: difference.field, key: difference.key });
  const { reason, code, location } = difference;
  const value = tracedValue(difference);
  return (
    <Item
      actions={
        repair.allowed &&
        repairable(reason) && (
          <Button
            loading={repair.running}
            accessibilityLabel={t("difference.repairOf", { title })}
            onClick={() => void repair.run([difference.productId])}
          >
            {t("difference.repair")}
          </Button>
        )
      }
    >
      <BlockStack gap="050">
        <InlineStack gap="200" blockAlign="center">
          <Text as="span" fontWeight="medium" breakWord>
            {title}
            {difference.sku && ` (${difference.sku})`} · {what}
            {location?.name && ` · ${location.name}`}
          </Text>
          <Badge tone={reason === "DRIFT" ? "info" : undefined}>{t(`difference.reason.${reason}`)}</Badge>
        </InlineStack>
        {code ? (
          <Text as="span" variant="bodySm" tone="subdued">
            {errorText({ code, params: [] })}
          </Text>
        ) : (
          <ValuePair value={difference} connection={connection} />
        )}
        {value && (
          <span>
            <WhyButton connectionId={connection.id} value={value} title={title} />
          </span>
        )}
      </BlockStack>
    </Item>
  );
}

function useRepair(connection: ConnectionRowFragment) {
  const { t } = useTranslation();
  const command = useCommand(RepairDifferencesDocument, { announce: true });
  return {
    allowed: connection.state === "ACTIVE" && connection.permissions.includes("REPAIR"),
    running: command.running,
    run: async (productIds: string[] | null): Promise<void> => {
      if (await command.run({ connectionId: connection.id, productIds })) toast(t("difference.repairing"));
    },
  };
}
