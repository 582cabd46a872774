import { Badge, BlockStack, Box, InlineStack, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { usePaging } from "~/components/paging";
import { LinksDocument } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { numberOf } from "./adminLinks";
import { Item, ListFrame } from "./ListFrame";

export function LinkList({ connectionId }: { connectionId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const paging = usePaging();
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), 300);
    return () => clearTimeout(timer);
  }, [typed]);
  const [{ data, error }, reload] = useQuery({
    query: LinksDocument,
    variables: { connectionId, first: 50, after: paging.after, filter: search ? { search } : null },
  });
  return (
    <>
      <Box padding="400">
        <TextField
          label={t("links.search")}
          labelHidden
          placeholder={t("links.search")}
          value={typed}
          onChange={(value) => {
            setTyped(value);
            paging.reset();
          }}
          autoComplete="off"
          maxLength={200}
        />
      </Box>
      <ListFrame
        list={data?.links}
        error={error}
        retry={() => reload({ requestPolicy: "network-only" })}
        empty={{
          title: t(search ? "changes.noneFound" : "links.emptyTitle"),
          text: search ? "" : t("links.emptyText"),
        }}
        paging={paging}
      >
        {data?.links.edges.map(({ node }) => (
          <Item key={node.id}>
            <BlockStack gap="050">
              <InlineStack gap="200" blockAlign="center">
                <Text as="span" fontWeight="medium" breakWord>
                  {node.title || numberOf(node.dependentProductId)}
                </Text>
                <Badge>{t(`links.origin.${node.origin}`)}</Badge>
                {node.goneSince && <Badge tone="warning">{t("links.gone")}</Badge>}
              </InlineStack>
              <Text as="span" variant="bodySm" tone="subdued">
                {t("links.since", { date: format.dateTime(node.linkedAt) })}
              </Text>
            </BlockStack>
          </Item>
        ))}
      </ListFrame>
    </>
  );
}
