import { BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useSelf } from "~/app/self";
import { Usage } from "~/features/plan/Usage";
import { CurrentPlanDocument, type PlanStateFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";

/** A query of its own, so that nothing else of the dashboard waits for it. */
export function useCurrentPlan() {
  const { i18n } = useTranslation();
  return useQuery({ query: CurrentPlanDocument, variables: { language: i18n.language } });
}

/** The current plan and how much of it is used; the number alone where there is nothing to choose. */
export function PlanCard({ plan }: { plan: PlanStateFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { hasPlans } = useSelf();
  const waiting = plan.waiting + plan.waitingForOthers;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t(hasPlans ? "plan.title" : "plan.usage")}
          </Text>
          {hasPlans && (
            <Text as="span" fontWeight="medium">
              {plan.plan.name}
            </Text>
          )}
        </InlineStack>
        <Usage plan={plan} />
        {waiting > 0 && (
          <Text as="p" tone="caution">
            {t("plan.waits", { count: waiting, number: format.number(waiting) })}
          </Text>
        )}
        {hasPlans && (
          <InlineStack>
            <Link url="/plan">{t(plan.allowed === null ? "plan.manage" : "plan.more")}</Link>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}
