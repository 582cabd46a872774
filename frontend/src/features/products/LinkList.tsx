import { Badge, BlockStack, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { type ConnectionRowFragment, LinksDocument } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { adminProduct, numberOf } from "./adminLinks";
import { Item, SearchedList } from "./SearchedList";
import { useSearched } from "./useSearched";

/** Linked products; each leads to its values, and to its page in both shops' admins. */
export function LinkList({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const searched = useSearched(LinksDocument, connection.id);
  const list = searched.data?.links;
  const { main, dependent } = connection;
  return (
    <SearchedList
      list={list}
      searched={searched}
      empty={{ title: t("links.emptyTitle"), text: t("links.emptyText") }}
    >
      {list?.edges.map(({ node }) => {
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
    </SearchedList>
  );
}
