import { BlockStack, Button, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { toast } from "~/app/appBridge";
import { usePaging } from "~/components/paging";
import { useChangeName } from "~/features/jobs/changeName";
import {
  type ConnectionRowFragment,
  HoldsDocument,
  type HoldsQuery,
  ReleaseHoldDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import { Item, ListFrame } from "./ListFrame";

/** Values that the sync leaves alone, until the main's value changes or a person releases them. */
export function HoldList({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const paging = usePaging();
  const [{ data, error }, reload] = useQuery({
    query: HoldsDocument,
    variables: { connectionId: connection.id, first: 50, after: paging.after },
  });
  return (
    <ListFrame
      list={data?.holds}
      error={error}
      retry={() => reload({ requestPolicy: "network-only" })}
      empty={{ title: t("holds.emptyTitle"), text: t("holds.emptyText") }}
      paging={paging}
    >
      {data?.holds.edges.map(({ node }) => (
        <HoldItem key={node.id} hold={node} releasable={connection.permissions.includes("UNDO")} />
      ))}
    </ListFrame>
  );
}

function HoldItem({
  hold,
  releasable,
}: {
  hold: HoldsQuery["holds"]["edges"][number]["node"];
  releasable: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useChangeName();
  const release = useCommand(ReleaseHoldDocument, { announce: true });
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
      </BlockStack>
    </Item>
  );
}
