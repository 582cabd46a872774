import { Badge, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { useChangeName } from "~/features/jobs/changeName";
import { tracedValue } from "~/features/trace/traceable";
import { WhyButton } from "~/features/trace/WhyButton";
import {
  type ConnectionRowFragment,
  KeepLocalDocument,
  type LocalEditRowFragment,
  LocalEditsDocument,
  UseMainValueDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import { numberOf } from "./adminLinks";
import { Item, SearchedList } from "./SearchedList";
import { useSearched } from "./useSearched";
import { ValuePair } from "./ValuePair";

/** What somebody changed in the dependent, and whose value shall count. */
export function LocalEditList({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const searched = useSearched(LocalEditsDocument, connection.id);
  const list = searched.data?.localEdits;
  return (
    <SearchedList
      list={list}
      searched={searched}
      empty={{ title: t("edits.emptyTitle"), text: t("edits.emptyText") }}
    >
      {list?.edges.map(({ node }) => (
        <LocalEditItem key={node.id} edit={node} connection={connection} />
      ))}
    </SearchedList>
  );
}

function LocalEditItem({
  edit,
  connection,
}: {
  edit: LocalEditRowFragment;
  connection: ConnectionRowFragment;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useChangeName();
  const keep = useCommand(KeepLocalDocument, { announce: true });
  const useMain = useCommand(UseMainValueDocument, { announce: true });
  const title = edit.title || numberOf(edit.productId);
  const what = name({ action: "SET", field: edit.field, key: edit.key });
  const { productId, variantId, field, key } = edit;
  const value = { connectionId: connection.id, productId, variantId, field, key };
  return (
    <Item
      actions={
        connection.permissions.includes("RESOLVE") && (
          <InlineStack gap="200" wrap={false}>
            {edit.kept ? (
              <Button
                loading={useMain.running}
                accessibilityLabel={t("edits.useMainOf", { title, what })}
                onClick={async () => {
                  if (await useMain.run(value)) toast(t("edits.usingMain"));
                }}
              >
                {t("edits.useMain")}
              </Button>
            ) : (
              <Button
                loading={keep.running}
                accessibilityLabel={t("edits.keepOf", { title, what })}
                onClick={async () => {
                  if (await keep.run(value)) toast(t("edits.keeping"));
                }}
              >
                {t("edits.keep")}
              </Button>
            )}
          </InlineStack>
        )
      }
    >
      <BlockStack gap="050">
        <InlineStack gap="200" blockAlign="center">
          <Text as="span" fontWeight="medium" breakWord>
            {title}
            {edit.sku && ` (${edit.sku})`} · {what}
          </Text>
          <Badge tone={edit.kept ? "info" : undefined}>
            {t(edit.kept ? "edits.kept" : "edits.overwritten")}
          </Badge>
        </InlineStack>
        <ValuePair value={edit} connection={connection} />
        {tracedValue(edit) && (
          <span>
            <WhyButton connectionId={connection.id} value={value} title={title} />
          </span>
        )}
        <Text as="span" variant="bodySm" tone="subdued">
          {t("edits.found", { date: format.dateTime(edit.foundAt) })}
        </Text>
      </BlockStack>
    </Item>
  );
}
