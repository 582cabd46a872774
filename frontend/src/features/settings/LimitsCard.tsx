import { BlockStack, Card, Checkbox, InlineGrid, Select, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { DecimalField } from "./DecimalField";
import type { SectionProps } from "./SyncSettingsForm";

/** What happens in the cases nobody likes: products gone, values edited here, and far too much at once. */
export function LimitsCard({ form, change, problem, disabled }: SectionProps) {
  const { t } = useTranslation();
  const { brake } = form;
  const set = (part: Partial<typeof brake>): void => change({ brake: { ...brake, ...part } });
  const number = (name: "percent" | "count" | "pricePercent") => ({
    label: t(`brake.${name}`),
    value: brake[name],
    onChange: (value: string) => set({ [name]: value }),
    error: problem(`brake.${name}`),
    maxLength: 12,
    disabled,
  });
  return (
    <Card>
      <BlockStack gap="500">
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t("settings.special")}
          </Text>
          <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
            <Select
              label={t("settings.missingProductLabel")}
              disabled={disabled}
              value={form.missingProduct}
              options={(["KEEP", "DRAFT", "ARCHIVE", "DELETE"] as const).map((value) => ({
                value,
                label: t(`settings.missingProduct.${value}`),
              }))}
              onChange={(value) => change({ missingProduct: value as typeof form.missingProduct })}
            />
            <Select
              label={t("settings.missingVariantLabel")}
              disabled={disabled}
              value={form.missingVariant}
              options={(["KEEP", "ZERO_STOCK", "DELETE"] as const).map((value) => ({
                value,
                label: t(`settings.missingVariant.${value}`),
              }))}
              onChange={(value) => change({ missingVariant: value as typeof form.missingVariant })}
            />
            {form.details && (
              <Select
                label={t("settings.localEditsDetails")}
                disabled={disabled}
                value={form.localEditsDetails}
                options={(["MAIN_WINS", "KEEP_LOCAL"] as const).map((value) => ({
                  value,
                  label: t(`settings.localEdits.${value}`),
                }))}
                onChange={(value) => change({ localEditsDetails: value as typeof form.localEditsDetails })}
              />
            )}
            {form.prices && (
              <Select
                label={t("settings.localEditsPrices")}
                disabled={disabled}
                value={form.localEditsPrices}
                options={(["MAIN_WINS", "KEEP_LOCAL"] as const).map((value) => ({
                  value,
                  label: t(`settings.localEdits.${value}`),
                }))}
                onChange={(value) => change({ localEditsPrices: value as typeof form.localEditsPrices })}
              />
            )}
          </InlineGrid>
        </BlockStack>
        <BlockStack gap="300">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {t("brake.title")}
            </Text>
            <Text as="p" tone="subdued">
              {t("brake.text")}
            </Text>
          </BlockStack>
          <InlineGrid columns={{ xs: 1, sm: 3 }} gap="300" alignItems="end">
            <DecimalField {...number("percent")} suffix="%" />
            <DecimalField {...number("count")} />
            <DecimalField {...number("pricePercent")} suffix="%" />
          </InlineGrid>
          <Checkbox
            label={t("brake.priceZero")}
            checked={brake.priceZero}
            disabled={disabled}
            onChange={(priceZero) => set({ priceZero })}
          />
        </BlockStack>
      </BlockStack>
    </Card>
  );
}
