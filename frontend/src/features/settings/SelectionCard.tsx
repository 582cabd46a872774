import { BlockStack, Button, Card, Collapsible, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConnectionRowFragment } from "~/graphql/generated/graphql";
import { PickedProducts } from "./PickedProducts";
import type { SectionProps } from "./SyncSettingsForm";
import type { SettingsForm } from "./settingsForm";
import { TokenField } from "./TokenField";

type List = keyof SettingsForm["selection"];

const LISTS = {
  include: ["includeTags", "includeTypes", "includeVendors"],
  exclude: ["excludeTags", "excludeTypes", "excludeVendors"],
} as const satisfies Record<string, readonly List[]>;

/** Narrows down which of the main's products take part at all. */
export function SelectionCard({
  form,
  change,
  problem,
  disabled,
  connection,
}: SectionProps & { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const { selection } = form;
  const used = Object.values(selection).flat().length;
  const [open, setOpen] = useState(used > 0);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("selection.title")}
        </Text>
        <Text as="p" tone="subdued">
          {t("selection.text")}
        </Text>
        <InlineStack>
          <Button
            variant="plain"
            disclosure={open ? "up" : "down"}
            ariaExpanded={open}
            ariaControls="selection"
            onClick={() => setOpen(!open)}
          >
            {used === 0 ? t("selection.none") : t("selection.used", { count: used })}
          </Button>
        </InlineStack>
        <Collapsible id="selection" open={open}>
          <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
            {(["include", "exclude"] as const).map((side) => (
              <BlockStack key={side} gap="300">
                <Text as="h3" variant="headingSm">
                  {t(`selection.${side}`)}
                </Text>
                {LISTS[side].map((list) => (
                  <TokenField
                    key={list}
                    label={t(`selection.${list}`)}
                    values={selection[list]}
                    error={problem(`selection.${list}`)}
                    disabled={disabled}
                    onChange={(values) => change({ selection: { ...selection, [list]: values } })}
                  />
                ))}
                <PickedProducts
                  connectionId={connection.id}
                  label={t(`choosing.${side}`)}
                  values={selection[`${side}ProductIds`]}
                  error={problem(`selection.${side}ProductIds`)}
                  disabled={disabled}
                  onChange={(ids) => change({ selection: { ...selection, [`${side}ProductIds`]: ids } })}
                />
              </BlockStack>
            ))}
          </InlineGrid>
        </Collapsible>
      </BlockStack>
    </Card>
  );
}
