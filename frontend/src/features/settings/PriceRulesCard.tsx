import { Banner, BlockStack, Box, Card, Checkbox, InlineGrid, Text, TextField } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { ConnectionRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { examplePrice } from "./examplePrice";
import type { SectionProps } from "./SyncSettingsForm";
import { problemsOf } from "./settingsForm";

const EXAMPLES = ["9.90", "24.50", "149.00"];

/** From the main's price to this shop's, step by step, with examples that follow what is typed. */
export function PriceRulesCard({
  form,
  change,
  problem,
  disabled,
  connection,
}: SectionProps & { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const from = connection.main.currency;
  const to = connection.dependent.currency;
  const rules = form.priceRules;
  const set = (part: Partial<typeof rules>): void => change({ priceRules: { ...rules, ...part } });
  const field = (name: "conversionRate" | "percent" | "amount" | "ending") => ({
    value: rules[name],
    onChange: (value: string) => set({ [name]: value }),
    error: problem(`priceRules.${name}`),
    label: t(`prices.${name}`, { from, to }),
    helpText: t(`prices.${name}Help`, { from, to }),
    inputMode: "decimal" as const,
    autoComplete: "off",
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
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
          {(from !== to || rules.conversionRate !== "") && <TextField {...field("conversionRate")} />}
          <TextField {...field("percent")} suffix="%" />
          <TextField {...field("amount")} suffix={to} />
          <TextField {...field("ending")} placeholder="0.99" />
        </InlineGrid>
        <Checkbox
          label={t("prices.compareAt")}
          helpText={t("prices.compareAtHelp")}
          checked={rules.compareAt}
          disabled={disabled}
          onChange={(compareAt) => set({ compareAt })}
        />
        <Examples form={form} from={from} to={to} />
      </BlockStack>
    </Card>
  );
}

function Examples({ form, from, to }: { form: SectionProps["form"]; from: string; to: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (Object.keys(problemsOf(form)).some((path) => path.startsWith("priceRules"))) return null;
  const digits =
    new Intl.NumberFormat("en", { style: "currency", currency: to }).resolvedOptions()
      .maximumFractionDigits ?? 2;
  const prices = EXAMPLES.map((amount) => ({
    amount,
    result: examplePrice(amount, form.priceRules, from === to, digits),
  }));
  return (
    <Box background="bg-surface-secondary" padding="300" borderRadius="200">
      <BlockStack gap="100">
        <Text as="h3" variant="headingSm">
          {t("prices.example")}
        </Text>
        {prices.map(({ amount, result }) => (
          <Text key={amount} as="p">
            {format.money(amount, from)} →{" "}
            {result === null ? t("prices.waits") : <strong>{format.money(result, to)}</strong>}
          </Text>
        ))}
      </BlockStack>
    </Box>
  );
}
