import { BlockStack, Button, InlineError, InlineStack, Tag, Text } from "@shopify/polaris";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { numberOf } from "~/features/products/adminLinks";
import { MainProductsDocument } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { ProductPicker } from "./ProductPicker";

const SHOWN = 20;

/** Products of the main shop that were chosen one by one: each can be taken away again, more are searched for. */
export function PickedProducts({
  connectionId,
  label,
  values,
  error,
  disabled,
  onChange,
}: {
  connectionId: string;
  label: string;
  /** Their ids. */
  values: readonly string[];
  error?: string | undefined;
  disabled: boolean;
  onChange: (values: string[]) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const [shown, setShown] = useState(SHOWN);
  const [picking, setPicking] = useState(false);
  const left = values.length - shown;
  return (
    <BlockStack gap="150">
      <Text as="h4" variant="bodyMd">
        {label}
      </Text>
      {values.length > 0 && (
        <InlineStack gap="150">
          {/* A query for each twenty: the first ones stay as they are while more are shown. */}
          {chunks(values.slice(0, shown)).map((ids, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is what stays the same
            <Chosen key={index} {...{ connectionId, ids, disabled, onChange, values }} />
          ))}
          {left > 0 && (
            <Button variant="plain" onClick={() => setShown(shown + SHOWN)}>
              {t("choosing.moreChosen", { number: format.number(left) })}
            </Button>
          )}
        </InlineStack>
      )}
      {!disabled && (
        <InlineStack>
          <Button accessibilityLabel={t("choosing.pickFor", { label })} onClick={() => setPicking(true)}>
            {t("choosing.pick")}
          </Button>
        </InlineStack>
      )}
      {error && <InlineError message={error} fieldID={id} />}
      {picking && (
        <ProductPicker
          connectionId={connectionId}
          title={label}
          picked={values}
          onPick={onChange}
          onClose={() => setPicking(false)}
        />
      )}
    </BlockStack>
  );
}

function Chosen({
  connectionId,
  ids,
  disabled,
  values,
  onChange,
}: {
  connectionId: string;
  ids: readonly string[];
  disabled: boolean;
  values: readonly string[];
  onChange: (values: string[]) => void;
}) {
  const variables = { connectionId, first: SHOWN, after: null, filter: { ids: [...ids], search: null } };
  const [{ data }] = useQuery({ query: MainProductsDocument, variables });
  const titles = new Map(data?.mainProducts.edges.map(({ node }) => [node.id, node.title]));
  return ids.map((id) => (
    <Tag
      key={id}
      disabled={disabled}
      onRemove={disabled ? undefined : () => onChange(values.filter((each) => each !== id))}
    >
      {titles.get(id) || numberOf(id)}
    </Tag>
  ));
}

function chunks(ids: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(ids.length / SHOWN);
  return Array.from({ length: count }, (_, index) => ids.slice(index * SHOWN, (index + 1) * SHOWN));
}
