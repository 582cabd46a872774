import { Badge, type BadgeProps, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import {
  type ConnectionRowFragment,
  UnlinkedProductsDocument,
  type UnlinkedProductsQuery,
  type UnlinkedReason,
} from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { LinkByHand } from "./LinkByHand";
import { usePlanNames } from "./planRoom";
import { Item, SearchedList } from "./SearchedList";
import { useSearched } from "./useSearched";

type Product = UnlinkedProductsQuery["unlinkedProducts"]["edges"][number]["node"];

const TONES: Partial<Record<UnlinkedReason, BadgeProps["tone"]>> = {
  CONFLICT: "attention",
  PLAN_LIMIT: "warning",
  WAITING: "info",
};
// Linking needs settings, and a selection that has the product in it.
const NOT_LINKABLE: readonly UnlinkedReason[] = ["NOT_CHOSEN", "NOT_SELECTED"];

/** The main shop's products without a link, each with why it has none and what can be done. */
export function UnlinkedList({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const searched = useSearched(UnlinkedProductsDocument, connection.id);
  const list = searched.data?.unlinkedProducts;
  return (
    <SearchedList
      list={list}
      searched={searched}
      empty={{ title: t("unlinked.emptyTitle"), text: t("unlinked.emptyText") }}
    >
      {list?.edges.map(({ node }) => (
        <UnlinkedItem key={node.id} product={node} connection={connection} />
      ))}
    </SearchedList>
  );
}

function UnlinkedItem({ product, connection }: { product: Product; connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, setParams] = useSearchParams();
  const [linking, setLinking] = useState(false);
  const planNames = usePlanNames();
  const { reason, title, waitsFor } = product;
  const may = connection.permissions.includes("RESOLVE") && connection.state === "ACTIVE";
  return (
    <Item
      actions={
        <InlineStack gap="200">
          {reason === "CONFLICT" && (
            <Button onClick={() => setParams({ tab: "conflicts" }, { replace: true })}>
              {t(connection.permissions.includes("RESOLVE") ? "unlinked.decide" : "attention.toHeld")}
            </Button>
          )}
          {may && !NOT_LINKABLE.includes(reason) && (
            <Button
              variant={reason === "CONFLICT" ? "tertiary" : "secondary"}
              accessibilityLabel={t("unlinked.linkOf", { title })}
              onClick={() => setLinking(true)}
            >
              {t("unlinked.link")}
            </Button>
          )}
        </InlineStack>
      }
    >
      <BlockStack gap="050">
        <InlineStack gap="200" blockAlign="center">
          <Text as="span" fontWeight="medium" breakWord>
            {title || "–"}
          </Text>
          <Badge tone={TONES[reason]}>{t(`unlinked.reason.${reason}`, { where: planNames(waitsFor) })}</Badge>
        </InlineStack>
        <Text as="span" variant="bodySm" tone="subdued" breakWord>
          {product.skus.length > 0 ? format.list(product.skus) : t("unlinked.noSku")}
          {product.conflict &&
            reason === "CONFLICT" &&
            ` · ${t(`conflict.code.${product.conflict.code}.title`)}`}
        </Text>
      </BlockStack>
      {linking && <LinkByHand connection={connection} product={product} onClose={() => setLinking(false)} />}
    </Item>
  );
}
