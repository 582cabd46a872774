import { BlockStack, ChoiceList, SkeletonBodyText, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { Dialog } from "~/components/Dialog";
import { FailureBanner } from "~/components/FailureBanner";
import { Pager } from "~/components/Pager";
import { SearchField } from "~/components/SearchField";
import { Sentence } from "~/components/Sentence";
import {
  type ConnectionRowFragment,
  FreeProductsDocument,
  LinkProductsDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import { numberOf } from "./adminLinks";
import { useDecided } from "./planRoom";
import { useSearched } from "./useSearched";

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
  const link = useCommand(LinkProductsDocument);
  const decided = useDecided();
  const [chosen, setChosen] = useState<string | null>(null);
  const { data, error, retry, paging, search } = useSearched(FreeProductsDocument, connection.id, {
    first: 10,
  });
  const found = data?.freeProducts;
  const shop = connection.dependent.domain;
  const confirm = async (): Promise<void> => {
    if (chosen === null) return;
    const made = await link.run({
      connectionId: connection.id,
      mainProductId: product.id,
      dependentProductId: chosen,
    });
    if (!made) return;
    toast(decided(made, t("unlinked.linking"), "unlinked.waits"));
    onClose();
  };
  return (
    <Dialog
      title={t("unlinked.dialogTitle", { title: product.title })}
      action={t("link.action")}
      disabled={chosen === null}
      running={link.running}
      errors={link.errors}
      onAction={() => void confirm()}
      onClose={onClose}
    >
      <Text as="p">
        <Sentence text={t("unlinked.dialogText", { shop })} />
      </Text>
      <SearchField search={search} label={t("unlinked.search", { shop })} placeholder={t("links.search")} />
      <div aria-live="polite" style={{ minBlockSize: "12rem" }}>
        {error && <FailureBanner error={error} retry={retry} />}
        {!found && !error && <SkeletonBodyText lines={6} />}
        {found?.edges.length === 0 && (
          <Text as="p" tone="subdued">
            <Sentence text={t("unlinked.none", { shop })} />
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
    </Dialog>
  );
}
