import { Badge, BlockStack, Box, Card, InlineStack, Link, Page, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { useQuery } from "urql";
import { toast } from "~/app/appBridge";
import { NotFound } from "~/app/NotFound";
import { Confirm } from "~/components/Confirm";
import { FailureBanner } from "~/components/FailureBanner";
import { Nothing } from "~/components/Nothing";
import { Pager } from "~/components/Pager";
import { PageSkeleton } from "~/components/PageSkeleton";
import { usePaging } from "~/components/paging";
import { useLiveJobs } from "~/features/jobs/live";
import {
  type ConnectionRowFragment,
  ConnectionSettingsDocument,
  ProductValuesDocument,
  type ProductValuesQuery,
  UnlinkProductsDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import { adminProduct, numberOf, productId } from "./adminLinks";
import { SyncedValues } from "./SyncedValues";

const VARIANTS = 20;

/** A linked product: every value that is synced, main's beside the dependent's, each with its trace. */
export default function ProductPage() {
  const { connectionId = "", product = "" } = useParams();
  const paging = usePaging();
  const gid = productId(product);
  const [{ data: own }] = useQuery({ query: ConnectionSettingsDocument, variables: { connectionId } });
  const [{ data, error }, reload] = useQuery({
    query: ProductValuesDocument,
    variables: { connectionId, productId: gid ?? "", first: VARIANTS, after: paging.after },
    pause: gid === null,
  });
  useLiveJobs([], () => reload({ requestPolicy: "network-only" }));
  if (gid === null) return <NotFound />;
  if (!data || !own) {
    return error ? (
      <Page>
        <FailureBanner error={error} retry={() => reload({ requestPolicy: "network-only" })} />
      </Page>
    ) : (
      <PageSkeleton cards={2} />
    );
  }
  if (!own.connection) return <NotFound />;
  if (!data.productValues) return <NotLinked connectionId={connectionId} />;
  const { variants } = data.productValues;
  return (
    <Details product={data.productValues} connection={own.connection}>
      <Pager paging={paging} pageInfo={variants.pageInfo} />
    </Details>
  );
}

type Product = NonNullable<ProductValuesQuery["productValues"]>;

function Details({
  product,
  connection,
  children,
}: {
  product: Product;
  connection: ConnectionRowFragment;
  children: React.ReactNode;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { link, values, variants } = product;
  const title = product.title || numberOf(link.dependentProductId);
  const unlink = useUnlink(connection, link.id, title);
  const { main, dependent } = connection;
  return (
    <Page
      title={title}
      titleMetadata={<Badge>{t(`links.origin.${link.origin}`)}</Badge>}
      subtitle={`${main.domain} → ${dependent.domain}`}
      backAction={{ content: t("menu.products"), url: `/connections/${connection.id}/products?tab=links` }}
      secondaryActions={unlink.items}
    >
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="200">
            <InlineStack gap="200" blockAlign="center">
              <Text as="p" tone="subdued">
                {t("links.since", { date: format.dateTime(link.linkedAt) })}
              </Text>
              {link.goneSince && <Badge tone="warning">{t("links.gone")}</Badge>}
            </InlineStack>
            <InlineStack gap="400">
              {!link.goneSince && (
                <Link url={adminProduct(main.domain, link.mainProductId)} target="_blank">
                  {t("product.openMain")}
                </Link>
              )}
              <Link url={adminProduct(dependent.domain, link.dependentProductId)} target="_blank">
                {t("product.openDependent")}
              </Link>
            </InlineStack>
          </BlockStack>
        </Card>
        {values.length === 0 && variants.edges.every(({ node }) => node.values.length === 0) && (
          <Card>
            <Text as="p" tone="subdued">
              {t("product.noValues")}
            </Text>
          </Card>
        )}
        {values.length > 0 && (
          <Card padding="0">
            <Box padding="400">
              <Text as="h2" variant="headingMd">
                {t("product.values")}
              </Text>
            </Box>
            <SyncedValues values={values} title={title} connection={connection} />
          </Card>
        )}
        {variants.edges.map(({ node }) => (
          <Card padding="0" key={node.id}>
            <Box padding="400">
              <InlineStack gap="200" blockAlign="baseline">
                <Text as="h2" variant="headingMd">
                  {node.title || title}
                </Text>
                <Text as="span" tone="subdued">
                  {node.sku || t("unlinked.noSku")}
                </Text>
              </InlineStack>
            </Box>
            <SyncedValues
              values={node.values}
              title={node.sku ? `${title} (${node.sku})` : title}
              connection={connection}
            />
          </Card>
        ))}
        {variants.totalCount > VARIANTS && (
          <Text as="p" tone="subdued" alignment="center">
            {t("product.variants", {
              count: variants.totalCount,
              number: format.number(variants.totalCount),
            })}
          </Text>
        )}
        {children}
      </BlockStack>
      {unlink.dialog}
    </Page>
  );
}

/** Lets the two products go their own ways, after a question. */
function useUnlink(connection: ConnectionRowFragment, linkId: string, title: string) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const unlink = useCommand(UnlinkProductsDocument, { announce: true });
  const items = connection.permissions.includes("RESOLVE")
    ? [{ content: t("product.unlink"), destructive: true, onAction: () => setAsking(true) }]
    : [];
  const dialog = asking && (
    <Confirm
      title={t("product.unlinkTitle", { title })}
      text={t("product.unlinkText")}
      action={t("product.unlink")}
      destructive
      running={unlink.running}
      onClose={() => setAsking(false)}
      onConfirm={async () => {
        if (!(await unlink.run({ linkId }))) return setAsking(false);
        toast(t("product.unlinked"));
        navigate(`/connections/${connection.id}/products?tab=links`);
      }}
    />
  );
  return { items, dialog };
}

function NotLinked({ connectionId }: { connectionId: string }) {
  const { t } = useTranslation();
  return (
    <Page backAction={{ content: t("menu.products"), url: `/connections/${connectionId}/products` }}>
      <Card>
        <Nothing
          title={t("product.notLinked")}
          text={t("product.notLinkedText")}
          heading="h1"
          action={{ content: t("product.toList"), url: `/connections/${connectionId}/products?tab=links` }}
        />
      </Card>
    </Page>
  );
}
