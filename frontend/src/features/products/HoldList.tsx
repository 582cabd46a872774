import { BlockStack, Button, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { useChangeName } from "~/features/jobs/changeName";
import { tracedValue } from "~/features/trace/traceable";
import { WhyButton } from "~/features/trace/WhyButton";
import {
  type ConnectionRowFragment,
  HoldsDocument,
  type HoldsQuery,
  ReleaseHoldDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import { Item, SearchedList } from "./SearchedList";
import { useSearched } from "./useSearched";

/** Values that the sync leaves alone, until the main's value changes or a person releases them. */
export function HoldList({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const searched = useSearched(HoldsDocument, connection.id);
  const list = searched.data?.holds;
  return (
    <SearchedList
      list={list}
      searched={searched}
      empty={{ title: t("holds.emptyTitle"), text: t("holds.emptyText") }}
    >
      {list?.edges.map(({ node }) => (
        <HoldItem
          key={node.id}
          hold={node}
          connectionId={connection.id}
          releasable={connection.permissions.includes("RESOLVE")}
        />
      ))}
    </SearchedList>
  );
}

function HoldItem({
  hold,
  connectionId,
  releasable,
}: {
  hold: HoldsQuery["holds"]["edges"][number]["node"];
  connectionId: string;
  releasable: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useChangeName();
  const release = useCommand(ReleaseHoldDocument, { announce: true });
  const { productId, subjectId, field, key } = hold;
  const variantId = subjectId.includes("/ProductVariant/") ? subjectId : null;
  const value = tracedValue({ productId, variantId, field, key });
  return (
    <Item
      actions={
        releasable && (
          <Button
            loading={release.running}
            onClick={async () => {
              if (await release.run({ id: hold.id })) toast(t("holds.released"));
            }}
          >
            {t("holds.release")}
          </Button>
        )
      }
    >
      <BlockStack gap="050">
        <Text as="span" fontWeight="medium" breakWord>
          {hold.title || "–"} · {name({ action: "SET", field: hold.field, key: hold.key })}
        </Text>
        <Text as="span" variant="bodySm" tone="subdued">
          {t(`holds.reason.${hold.reason as "UNDONE"}`)} · {format.dateTime(hold.createdAt)}
        </Text>
        {value && (
          <span>
            <WhyButton connectionId={connectionId} value={value} title={hold.title} />
          </span>
        )}
      </BlockStack>
    </Item>
  );
}
