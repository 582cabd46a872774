import { BlockStack, Box, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "~/i18n/format";
import { DecimalField } from "./DecimalField";
import { examplePrice, exampleSteps, type Step } from "./examplePrice";
import type { SectionProps } from "./SyncSettingsForm";
import { decimal, problemsOf, type SettingsForm } from "./settingsForm";

const OTHERS = ["9.90", "149.00"];

/** A price of the main shop on its way through the rules, rule by rule, as they are typed; and two more in short. */
export function PriceExample({ form, from, to }: Pick<SectionProps, "form"> & { from: string; to: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [typed, setTyped] = useState("24.50");
  if (Object.keys(problemsOf(form)).some((path) => path.startsWith("priceRules"))) return null;
  const digits =
    new Intl.NumberFormat("en", { style: "currency", currency: to }).resolvedOptions()
      .maximumFractionDigits ?? 2;
  const sound = /^\d{1,9}(\.\d{1,4})?$/.test(decimal(typed));
  const amount = sound ? decimal(typed) : "0";
  const steps = exampleSteps(amount, form.priceRules, from === to, digits);
  const arrow = (price: string): string => {
    const result = examplePrice(price, form.priceRules, from === to, digits);
    return `${format.money(price, from)} → ${result === null ? t("prices.waits") : format.money(result, to)}`;
  };
  return (
    <Box background="bg-surface-secondary" padding="300" borderRadius="200">
      <BlockStack gap="300">
        <Text as="h3" variant="headingSm">
          {t("prices.example")}
        </Text>
        <Box maxWidth="16rem">
          <DecimalField
            label={t("rights.example.price")}
            value={typed}
            onChange={setTyped}
            error={sound ? undefined : t("problem.notNumber")}
            suffix={from}
            maxLength={14}
          />
        </Box>
        <div aria-live="polite">
          <BlockStack gap="100">
            {steps && <Steps steps={steps} rules={form.priceRules} to={to} />}
            <Text as="p" fontWeight="semibold">
              {arrow(amount)}
            </Text>
            {OTHERS.map((price) => (
              <Text key={price} as="p" tone="subdued">
                {arrow(price)}
              </Text>
            ))}
          </BlockStack>
        </div>
      </BlockStack>
    </Box>
  );
}

function Steps({
  steps,
  rules,
  to,
}: {
  steps: readonly Step[];
  rules: SettingsForm["priceRules"];
  to: string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const signed = (typed: string): string => {
    const number = decimal(typed);
    return number.startsWith("-") ? `−${format.decimal(number.slice(1))}` : `+${format.decimal(number)}`;
  };
  const detail: Record<Step["rule"], string> = {
    rate: `× ${format.decimal(decimal(rules.conversionRate))}`,
    percent: `${signed(rules.percent)} %`,
    amount: signed(rules.amount),
    ending: format.decimal(decimal(rules.ending)),
    rounding: "",
  };
  return (
    <ol style={{ listStyle: "none", margin: 0, padding: 0, maxInlineSize: "28rem" }}>
      {steps.map(({ rule, value }) => (
        <li key={rule}>
          <InlineStack align="space-between" gap="200">
            <Text as="span" tone="subdued">
              {t(`rights.example.step.${rule}`)} {detail[rule]}
            </Text>
            <Text as="span" numeric>
              {format.preciseMoney(value, to)}
            </Text>
          </InlineStack>
        </li>
      ))}
    </ol>
  );
}
