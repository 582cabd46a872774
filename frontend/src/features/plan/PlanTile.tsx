import { Badge, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { PlanOfferFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { isLarger } from "./offers";

/** One plan beside the others: what it allows, what it costs, and the way to it. */
export function PlanTile({
  plan,
  current,
  running,
  disabled,
  onChoose,
}: {
  plan: PlanOfferFragment;
  current: PlanOfferFragment;
  running: boolean;
  disabled: boolean;
  onChoose: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const isCurrent = plan.id === current.id;
  const larger = isLarger(plan, current);
  const { price, currency, interval, productLimit, name } = plan;
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="200">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="h3" variant="headingMd">
              {name}
            </Text>
            {isCurrent && <Badge tone="success">{t("plan.current")}</Badge>}
          </InlineStack>
          <Text as="p" variant="headingSm">
            {price !== null && currency !== null && interval !== null
              ? t(`plan.per.${interval}`, { price: format.money(price, currency) })
              : t("plan.free")}
          </Text>
          <Text as="p">
            {productLimit === null
              ? t("plan.unlimited")
              : t("plan.limit", { count: productLimit, number: format.number(productLimit) })}
          </Text>
        </BlockStack>
        {!isCurrent && (
          <InlineStack>
            <Button
              variant={larger ? "primary" : "secondary"}
              loading={running}
              disabled={disabled}
              accessibilityLabel={t(larger ? "plan.upgradeTo" : "plan.changeTo", { plan: name })}
              onClick={onChoose}
            >
              {t(larger ? "plan.upgrade" : "plan.change")}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}
