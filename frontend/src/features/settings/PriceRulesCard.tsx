import { Banner, BlockStack, Card, Checkbox, InlineGrid, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { ConnectionRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { DecimalField } from "./DecimalField";
import { PriceExample } from "./PriceExample";
import type { SectionProps } from "./SyncSettingsForm";
import { decimal } from "./settingsForm";

/** From the main's price to this shop's, step by step, with examples that follow what is typed. */
export function PriceRulesCard({
  form,
  change,
  problem,
  disabled,
  connection,
}: SectionProps & { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const from = connection.main.currency;
  const to = connection.dependent.currency;
  const rules = form.priceRules;
  const set = (part: Partial<typeof rules>): void => change({ priceRules: { ...rules, ...part } });
  const field = (name: "conversionRate" | "percent" | "amount" | "ending") => ({
    value: rules[name],
    onChange: (value: string) =>
      set({ [name]: value, ...(name === "conversionRate" && { rateHolds: true }) }),
    error: problem(`priceRules.${name}`),
    label: t(`prices.${name}`, { from, to }),
    helpText: t(`prices.${name}Help`, { from, to }),
    maxLength: 20,
    disabled,
  });
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("prices.title")}
          </Text>
          <Text as="p" tone="subdued">
            {t("prices.text")}
          </Text>
        </BlockStack>
        {from !== to && rules.conversionRate.trim() === "" && (
          <Banner tone="warning">
            <p>{t("prices.rateMissing", { from, to })}</p>
          </Banner>
        )}
        {!rules.rateHolds && rules.conversionRate.trim() !== "" && (
          <Banner
            tone="warning"
            {...(!disabled && {
              action: {
                content: t("rights.rate.use", { from, to }),
                onAction: () => set({ rateHolds: true }),
              },
            })}
          >
            <p>
              {t("rights.rate.changed", { rate: format.decimal(decimal(rules.conversionRate)), from, to })}
            </p>
          </Banner>
        )}
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
          {(from !== to || rules.conversionRate !== "") && <DecimalField {...field("conversionRate")} />}
          <DecimalField {...field("percent")} suffix="%" />
          <DecimalField {...field("amount")} suffix={to} />
          <DecimalField {...field("ending")} placeholder={format.decimal("0.99")} />
        </InlineGrid>
        <Checkbox
          label={t("prices.compareAt")}
          helpText={t("prices.compareAtHelp")}
          checked={rules.compareAt}
          disabled={disabled}
          onChange={(compareAt) => set({ compareAt })}
        />
        <PriceExample form={form} from={from} to={to} />
      </BlockStack>
    </Card>
  );
}
