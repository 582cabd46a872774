import { Badge, BlockStack, Button, InlineStack, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { Sentence } from "~/components/Sentence";
import {
  type ConflictRowFragment,
  type ConflictState,
  ConflictsDocument,
  type ConnectionRowFragment,
  CreateFromConflictDocument,
  IgnoreConflictDocument,
  ReopenConflictDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import { LinkDialog } from "./LinkDialog";
import { useDecided } from "./planRoom";
import { Item, SearchedList } from "./SearchedList";
import { useSearched } from "./useSearched";

const STATES: readonly ConflictState[] = ["OPEN", "IGNORED", "RESOLVED"];

/** Products that can't be matched without a person, each with why and with what can be done. */
export function ConflictList({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const [state, setState] = useState<ConflictState>("OPEN");
  const searched = useSearched(ConflictsDocument, connection.id, { first: 25, filter: { states: [state] } });
  const list = searched.data?.conflicts;
  return (
    <SearchedList
      list={list}
      searched={searched}
      empty={{ title: t("conflict.emptyTitle"), text: t("conflict.emptyText") }}
      note={
        !connection.permissions.includes("RESOLVE") &&
        connection.openConflicts > 0 && (
          <Text as="p" tone="subdued">
            <Sentence text={t("held.askDependent", { shop: connection.dependent.domain })} />
          </Text>
        )
      }
      filter={
        <Select
          label={t("conflict.show")}
          labelInline
          value={state}
          options={STATES.map((value) => ({ value, label: t(`conflict.state.${value}`) }))}
          onChange={(value) => {
            setState(value as ConflictState);
            searched.paging.reset();
          }}
        />
      }
    >
      {list?.edges.map(({ node }) => (
        <ConflictItem key={node.id} conflict={node} connection={connection} />
      ))}
    </SearchedList>
  );
}

function ConflictItem({
  conflict,
  connection,
}: {
  conflict: ConflictRowFragment;
  connection: ConnectionRowFragment;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [linking, setLinking] = useState(false);
  const create = useCommand(CreateFromConflictDocument, { announce: true });
  const decided = useDecided();
  const ignore = useCommand(IgnoreConflictDocument, { announce: true });
  const reopen = useCommand(ReopenConflictDocument, { announce: true });
  const may = connection.permissions.includes("RESOLVE");
  const { id, actions } = conflict;

  return (
    <Item
      actions={
        may && (
          <InlineStack gap="200">
            {conflict.state === "OPEN" && actions.includes("LINK_TO") && (
              <Button onClick={() => setLinking(true)}>{t("conflict.action.LINK_TO")}</Button>
            )}
            {conflict.state === "OPEN" && actions.includes("CREATE_AS_NEW") && (
              <Button
                loading={create.running}
                onClick={async () => {
                  const made = await create.run({ id });
                  if (made) toast(decided(made, t("conflict.created"), "unlinked.createdLater"));
                }}
              >
                {t("conflict.action.CREATE_AS_NEW")}
              </Button>
            )}
            {conflict.state === "OPEN" && actions.includes("IGNORE") && (
              <Button
                variant="tertiary"
                loading={ignore.running}
                onClick={async () => {
                  if (await ignore.run({ id })) toast(t("conflict.ignored"));
                }}
              >
                {t("conflict.action.IGNORE")}
              </Button>
            )}
            {conflict.state === "IGNORED" && (
              <Button loading={reopen.running} onClick={() => void reopen.run({ id })}>
                {t("conflict.reopen")}
              </Button>
            )}
          </InlineStack>
        )
      }
    >
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" fontWeight="semibold" breakWord>
            {conflict.title || "–"}
          </Text>
          <Badge tone="attention">{t(`conflict.code.${conflict.code}.title`)}</Badge>
        </InlineStack>
        <Text as="p">{t(`conflict.code.${conflict.code}.text`)}</Text>
        {conflict.skus.length > 0 && (
          <Text as="p" variant="bodySm" tone="subdued" breakWord>
            {t("conflict.skus", {
              skus: format.list(conflict.skus.slice(0, 8)),
              count: conflict.skus.length,
            })}
            {conflict.skus.length > 8 && " …"}
          </Text>
        )}
        {conflict.candidates.length > 0 && (
          <Text as="p" variant="bodySm" tone="subdued" breakWord>
            {t("conflict.candidates", {
              products: format.list(conflict.candidates.slice(0, 5).map((one) => one.title || one.productId)),
            })}
            {conflict.candidates.length > 5 && " …"}
          </Text>
        )}
      </BlockStack>
      {linking && <LinkDialog conflict={conflict} onClose={() => setLinking(false)} />}
    </Item>
  );
}
