import { BlockStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { Bar } from "~/components/Bar";
import type { PlanStateFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";

/** Products in use, of those that the plan allows; a number alone where it allows any. */
export function Usage({ plan }: { plan: Pick<PlanStateFragment, "used" | "allowed"> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { used, allowed } = plan;
  if (allowed === null) {
    return <Text as="p">{t("plan.linked", { count: used, used: format.number(used) })}</Text>;
  }
  const text = t("plan.used", {
    count: allowed,
    used: format.number(used),
    allowed: format.number(allowed),
  });
  return (
    <BlockStack gap="100">
      <Text as="p">{text}</Text>
      <Bar share={allowed > 0 ? Math.min(1, used / allowed) : 1} label={text} />
    </BlockStack>
  );
}
