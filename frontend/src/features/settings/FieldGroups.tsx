import {
  BlockStack,
  Button,
  Card,
  Checkbox,
  ChoiceList,
  Collapsible,
  InlineError,
  InlineGrid,
  Select,
  Text,
} from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SectionProps } from "./SyncSettingsForm";
import { DETAIL_FIELDS, FIELD_GROUPS, type FieldGroupName, withScope } from "./settingsForm";
import { TokenField } from "./TokenField";

const GROUPS = Object.keys(FIELD_GROUPS) as FieldGroupName[];

function isOf(group: FieldGroupName, field: string): boolean {
  return (FIELD_GROUPS[group] as readonly string[]).includes(field);
}

/** Which products, and what of them. */
export function FieldGroups({ form, change, problem, disabled }: SectionProps) {
  const { t } = useTranslation();
  const all = form.products === "ALL";
  const scopeProblem = problem("products");
  return (
    <Card>
      <BlockStack gap="500">
        <ChoiceList
          title={<Heading text={t("settings.which")} />}
          disabled={disabled}
          choices={(["MATCHED", "ALL"] as const).map((value) => ({
            value,
            label: t(`settings.scope.${value}.label`),
            helpText: t(`settings.scope.${value}.help`),
          }))}
          selected={[form.products]}
          onChange={([value]) => change(withScope(form, value === "ALL" ? "ALL" : "MATCHED"))}
        />
        <BlockStack gap="200">
          <Heading text={t("settings.what")} />
          {(["details", "prices", "quantities"] as const).map((group) => (
            <Checkbox
              key={group}
              label={t(`settings.group.${group}.label`)}
              helpText={
                group === "details" && all ? t("settings.detailsWithAll") : t(`settings.group.${group}.help`)
              }
              checked={form[group]}
              disabled={disabled || (group === "details" && all)}
              error={group === "details" ? problem("details") : undefined}
              onChange={(checked) => change({ [group]: checked })}
            />
          ))}
          {scopeProblem && <InlineError fieldID="products" message={scopeProblem} />}
        </BlockStack>
        {all && <NewProducts form={form} change={change} disabled={disabled} />}
        {form.details && <FieldMask form={form} change={change} problem={problem} disabled={disabled} />}
      </BlockStack>
    </Card>
  );
}

function NewProducts({ form, change, disabled }: Omit<SectionProps, "problem">) {
  const { t } = useTranslation();
  return (
    <BlockStack gap="200">
      <Heading text={t("settings.newProducts")} />
      <Select
        label={t("settings.newStatus")}
        disabled={disabled}
        value={form.newProductStatus}
        options={(["AS_MAIN", "DRAFT"] as const).map((value) => ({
          value,
          label: t(`settings.newProductStatus.${value}`),
        }))}
        onChange={(value) => change({ newProductStatus: value as typeof form.newProductStatus })}
      />
      <Checkbox
        label={t("settings.publish")}
        checked={form.publishNewProducts}
        disabled={disabled}
        onChange={(publishNewProducts) => change({ publishNewProducts })}
      />
    </BlockStack>
  );
}

function FieldMask({ form, change, problem, disabled }: SectionProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <BlockStack gap="200" inlineAlign="start">
      <Button
        variant="plain"
        disclosure={open ? "up" : "down"}
        ariaExpanded={open}
        ariaControls="field-mask"
        onClick={() => setOpen(!open)}
      >
        {t("settings.fieldMask", { count: form.fields.length, all: DETAIL_FIELDS.length })}
      </Button>
      <Collapsible id="field-mask" open={open}>
        <BlockStack gap="300">
          <InlineGrid columns={{ xs: 1, sm: 2, md: 3 }} gap="400">
            {GROUPS.map((group) => (
              <ChoiceList
                key={group}
                allowMultiple
                title={
                  <Text as="span" fontWeight="semibold">
                    {t(`rights.fieldGroup.${group}`)}
                  </Text>
                }
                disabled={disabled}
                choices={FIELD_GROUPS[group].map((value) => ({ value, label: t(`detailField.${value}`) }))}
                selected={form.fields.filter((field) => isOf(group, field))}
                onChange={(chosen) =>
                  change({
                    fields: DETAIL_FIELDS.filter((field) =>
                      isOf(group, field) ? chosen.includes(field) : form.fields.includes(field),
                    ),
                  })
                }
              />
            ))}
          </InlineGrid>
          {form.fields.includes("HANDLE") && (
            <Text as="p" tone="caution">
              {t("settings.handleWarning")}
            </Text>
          )}
          {form.fields.includes("METAFIELDS") && (
            <TokenField
              label={t("settings.namespaces")}
              help={t("settings.namespacesHelp")}
              values={form.metafieldNamespaces}
              error={problem("metafieldNamespaces")}
              disabled={disabled}
              onChange={(metafieldNamespaces) => change({ metafieldNamespaces })}
            />
          )}
        </BlockStack>
      </Collapsible>
    </BlockStack>
  );
}

function Heading({ text }: { text: string }) {
  return (
    <Text as="span" variant="headingMd">
      {text}
    </Text>
  );
}
