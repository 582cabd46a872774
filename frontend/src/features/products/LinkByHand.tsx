import { BlockStack, ChoiceList, Modal, SkeletonBodyText, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { toast } from "~/app/appBridge";
import { FailureBanner } from "~/components/FailureBanner";
import { Pager } from "~/components/Pager";
import { usePaging } from "~/components/paging";
import { SearchField, useSearch } from "~/components/SearchField";
import { UserErrors } from "~/components/UserErrors";
import {
  type ConnectionRowFragment,
  FreeProductsDocument,
  LinkProductsDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import { numberOf } from "./adminLinks";
import { useDecided } from "./planRoom";

/** Says which of the dependent's products a main product is, whatever their SKUs. */
export function LinkByHand({
  connection,
  product,
  onClose,
}: {
  connection: ConnectionRowFragment;
  product: { id: string; title: string };
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const paging = usePaging();
  const search = useSearch(paging.reset);
  const link = useCommand(LinkProductsDocument);
  const decided = useDecided();
  const [chosen, setChosen] = useState<string | null>(null);
  const [{ data, error }, reload] = useQuery({
    query: FreeProductsDocument,
    variables: {
      connectionId: connection.id,
      first: 10,
      after: paging.after,
      filter: search.text ? { search: search.text } : null,
    },
    requestPolicy: "cache-and-network",
  });
  const found = data?.freeProducts;
  const shop = connection.dependent.domain;
  const confirm = async (): Promise<void> => {
    if (!chosen) return;
    const variables = { connectionId: connection.id, mainProductId: product.id, dependentProductId: chosen };
    const made = await link.run(variables);
    if (!made) return;
    toast(decided(made, t("unlinked.linking"), "unlinked.waits"));
    onClose();
  };
  return (
    <Modal
      open
      title={t("unlinked.dialogTitle", { title: product.title })}
      onClose={onClose}
      primaryAction={{
        content: t("link.action"),
        disabled: chosen === null,
        loading: link.running,
        onAction: () => void confirm(),
      }}
      secondaryActions={[{ content: t("cancel"), onAction: onClose }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          <UserErrors errors={link.errors} />
          <Text as="p">{t("unlinked.dialogText", { shop })}</Text>
          <SearchField
            search={search}
            label={t("unlinked.search", { shop })}
            placeholder={t("links.search")}
          />
          <div aria-live="polite" style={{ minBlockSize: "12rem" }}>
            {error && <FailureBanner error={error} retry={() => reload({ requestPolicy: "network-only" })} />}
            {!found && !error && <SkeletonBodyText lines={6} />}
            {found?.edges.length === 0 && (
              <Text as="p" tone="subdued">
                {t("unlinked.none", { shop })}
              </Text>
            )}
            {found && found.edges.length > 0 && (
              <BlockStack gap="200">
                <ChoiceList
                  title={t("link.text")}
                  titleHidden
                  selected={chosen ? [chosen] : []}
                  onChange={([value]) => {
                    setChosen(value ?? null);
                    link.clear();
                  }}
                  choices={found.edges.map(({ node }) => ({
                    value: node.id,
                    label: node.title || numberOf(node.id),
                    helpText: node.skus.length > 0 ? format.list(node.skus) : t("unlinked.noSku"),
                  }))}
                />
                <Pager paging={paging} pageInfo={found.pageInfo} />
              </BlockStack>
            )}
          </div>
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}
