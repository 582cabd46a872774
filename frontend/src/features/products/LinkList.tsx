import { Badge, BlockStack, Box, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { usePaging } from "~/components/paging";
import { SearchField, useSearch } from "~/components/SearchField";
import { useLiveJobs } from "~/features/jobs/live";
import { type ConnectionRowFragment, LinksDocument } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { adminProduct, numberOf } from "./adminLinks";
import { Item, ListFrame } from "./ListFrame";

/** Linked products; each leads to its values, and to its page in both shops' admins. */
export function LinkList({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const paging = usePaging();
  const search = useSearch(paging.reset);
  const [{ data, error }, reload] = useQuery({
    query: LinksDocument,
    variables: {
      connectionId: connection.id,
      first: 50,
      after: paging.after,
      filter: search.text ? { search: search.text } : null,
    },
  });
  useLiveJobs([], () => reload({ requestPolicy: "network-only" }));
  const { main, dependent } = connection;
  return (
    <>
      <Box padding="400">
        <SearchField search={search} label={t("links.search")} />
      </Box>
      <ListFrame
        list={data?.links}
        error={error}
        retry={() => reload({ requestPolicy: "network-only" })}
        empty={{
          title: t(search.text ? "changes.noneFound" : "links.emptyTitle"),
          text: search.text ? "" : t("links.emptyText"),
        }}
        paging={paging}
      >
        {data?.links.edges.map(({ node }) => {
          const title = node.title || numberOf(node.dependentProductId);
          const admin = main.isSelf
            ? { domain: main.domain, id: node.mainProductId, text: t("product.openMain") }
            : { domain: dependent.domain, id: node.dependentProductId, text: t("product.openDependent") };
          return (
            <Item
              key={node.id}
              actions={
                <Link
                  url={adminProduct(admin.domain, admin.id)}
                  target="_blank"
                  accessibilityLabel={`${admin.text}: ${title}`}
                >
                  {admin.text}
                </Link>
              }
            >
              <BlockStack gap="050">
                <InlineStack gap="200" blockAlign="center">
                  <Text as="span" fontWeight="medium" breakWord>
                    <Link
                      url={`/connections/${connection.id}/products/${numberOf(node.dependentProductId)}`}
                      monochrome
                    >
                      {title}
                    </Link>
                  </Text>
                  <Badge>{t(`links.origin.${node.origin}`)}</Badge>
                  {node.goneSince && <Badge tone="warning">{t("links.gone")}</Badge>}
                </InlineStack>
                <Text as="span" variant="bodySm" tone="subdued">
                  {t("links.since", { date: format.dateTime(node.linkedAt) })}
                </Text>
              </BlockStack>
            </Item>
          );
        })}
      </ListFrame>
    </>
  );
}
