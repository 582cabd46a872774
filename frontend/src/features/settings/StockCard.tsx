import { BlockStack, Card, ChoiceList, InlineGrid, Text, TextField } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useFormat } from "~/i18n/format";
import type { SectionProps } from "./SyncSettingsForm";
import { decimal, problemsOf } from "./settingsForm";

const EXAMPLE = 10;

export function StockCard({ form, change, problem, disabled }: SectionProps) {
  const { t } = useTranslation();
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("stock.title")}
          </Text>
        </BlockStack>
        <ChoiceList
          title={t("stock.which")}
          titleHidden
          disabled={disabled}
          choices={(["MIRROR", "SHARED"] as const).map((value) => ({
            value,
            label: t(`stock.mode.${value}`),
            helpText: t(`stock.modeHelp.${value}`),
          }))}
          selected={[form.stockMode]}
          onChange={([value]) => change({ stockMode: value === "SHARED" ? "SHARED" : "MIRROR" })}
        />
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
          <TextField
            label={t("stock.buffer")}
            helpText={t("stock.bufferHelp")}
            value={form.stockBuffer}
            onChange={(stockBuffer) => change({ stockBuffer })}
            error={problem("stockBuffer")}
            inputMode="numeric"
            autoComplete="off"
            disabled={disabled}
          />
          <TextField
            label={t("stock.cap")}
            helpText={t("stock.capHelp")}
            placeholder={t("stock.noCap")}
            value={form.stockCap}
            onChange={(stockCap) => change({ stockCap })}
            error={problem("stockCap")}
            inputMode="numeric"
            autoComplete="off"
            disabled={disabled}
          />
        </InlineGrid>
        <StockExample form={form} />
      </BlockStack>
    </Card>
  );
}

/** What the two numbers do to a stock of ten. */
function StockExample({ form }: Pick<SectionProps, "form">) {
  const { t } = useTranslation();
  const format = useFormat();
  const problems = problemsOf(form);
  if (problems.stockBuffer || problems.stockCap) return null;
  const cap = form.stockCap.trim() === "" ? EXAMPLE : Number(decimal(form.stockCap));
  const shown = Math.max(0, Math.min(EXAMPLE - Number(decimal(form.stockBuffer)), cap));
  return (
    <Text as="p" tone="subdued">
      {t("rights.stockExample", { main: format.number(EXAMPLE), shown: format.number(shown) })}
    </Text>
  );
}
