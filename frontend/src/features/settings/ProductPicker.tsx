import { BlockStack, ChoiceList, InlineError, SkeletonBodyText, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { Dialog } from "~/components/Dialog";
import { FailureBanner } from "~/components/FailureBanner";
import { Pager } from "~/components/Pager";
import { usePaging } from "~/components/paging";
import { SearchField, useSearch } from "~/components/SearchField";
import { numberOf } from "~/features/products/adminLinks";
import { MainProductsDocument } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";

const PAGE = 10;
/** As many as the server takes. */
const MOST = 250;

/** Chooses among the main shop's products, page by page or by searching; nothing is taken over before the end. */
export function ProductPicker({
  connectionId,
  title,
  picked,
  onPick,
  onClose,
}: {
  connectionId: string;
  title: string;
  picked: readonly string[];
  onPick: (ids: string[]) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const paging = usePaging();
  const search = useSearch(paging.reset);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(picked));
  const filter = search.text ? { search: search.text, ids: null } : null;
  const [{ data, error }, reload] = useQuery({
    query: MainProductsDocument,
    variables: { connectionId, first: PAGE, after: paging.after, filter },
  });
  const products = data?.mainProducts.edges.map(({ node }) => node);
  const here = new Set(products?.map(({ id }) => id));
  const tooMany = chosen.size > MOST;

  return (
    <Dialog
      title={title}
      action={t("choosing.take")}
      disabled={tooMany}
      onAction={() => {
        onPick([...chosen].sort());
        onClose();
      }}
      onClose={onClose}
      footer={
        <Text as="p" tone="subdued">
          {t("choosing.chosen", { count: chosen.size, number: format.number(chosen.size) })}
        </Text>
      }
    >
      <SearchField search={search} label={t("choosing.searchProducts")} placeholder={t("links.search")} />
      {tooMany && (
        <InlineError message={t("choosing.most", { number: format.number(MOST) })} fieldID="picker" />
      )}
      <div aria-live="polite" style={{ minBlockSize: "12rem" }}>
        {error && <FailureBanner error={error} retry={() => reload({ requestPolicy: "network-only" })} />}
        {!products && !error && <SkeletonBodyText lines={6} />}
        {products?.length === 0 && (
          <Text as="p" tone="subdued">
            {t(search.text ? "changes.noneFound" : "choosing.notRead")}
          </Text>
        )}
        {products && products.length > 0 && (
          <BlockStack gap="200">
            <ChoiceList
              allowMultiple
              title={title}
              titleHidden
              selected={[...chosen].filter((id) => here.has(id))}
              // Of what is on this page; the choices of other pages and searches stay.
              onChange={(selected) =>
                setChosen(new Set([...[...chosen].filter((id) => !here.has(id)), ...selected]))
              }
              choices={products.map(({ id, title: name, skus }) => ({
                value: id,
                label: name || numberOf(id),
                helpText: skus.length > 0 ? format.list(skus) : t("unlinked.noSku"),
              }))}
            />
            {data && <Pager paging={paging} pageInfo={data.mainProducts.pageInfo} />}
          </BlockStack>
        )}
      </div>
    </Dialog>
  );
}
