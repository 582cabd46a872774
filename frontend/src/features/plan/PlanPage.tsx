import { BlockStack, Box, Card, InlineGrid, Page, Spinner, Text } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useQuery } from "urql";
import { leaveTo, toast } from "~/app/appBridge";
import { useSelf } from "~/app/self";
import { Confirm } from "~/components/Confirm";
import { FailureBanner } from "~/components/FailureBanner";
import { CardSkeleton } from "~/components/PageSkeleton";
import { UserErrors } from "~/components/UserErrors";
import { useLiveJobs } from "~/features/jobs/live";
import {
  ChangePlanDocument,
  type PlanOfferFragment,
  PlansDocument,
  type PlansQuery,
  RefreshPlanDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import { consequences } from "./offers";
import { type Outcome, OutcomeBanner, PlanNotices } from "./PlanNotices";
import { PlanTile } from "./PlanTile";
import { Usage } from "./Usage";

/** The shop's plan, how much of it is used, and the others beside it. */
export default function PlanPage() {
  const { t, i18n } = useTranslation();
  const variables = { language: i18n.language };
  const [{ data, error }, reload] = useQuery({ query: PlansDocument, variables });
  const refresh = (): void => reload({ requestPolicy: "network-only" });
  useLiveJobs([], refresh);
  const returned = useReturn(refresh);
  return (
    <Page title={t("plan.title")} backAction={{ content: t("menu.dashboard"), url: "/" }}>
      <BlockStack gap="400">
        {error && <FailureBanner error={error} retry={refresh} />}
        {returned.checking && (
          <div role="status">
            <Spinner size="small" accessibilityLabel={t("plan.checking")} />
          </div>
        )}
        <UserErrors errors={returned.errors} />
        {data && returned.outcome && (
          <OutcomeBanner outcome={returned.outcome} plan={data.currentPlan} onDismiss={returned.dismiss} />
        )}
        {data ? <Plans data={data} /> : !error && <CardSkeleton lines={8} />}
      </BlockStack>
    </Page>
  );
}

/** The merchant comes back from Shopify with a charge's id, which says nothing: what became of it is asked for, once. */
function useReturn(refresh: () => void) {
  const { i18n } = useTranslation();
  const [params, setParams] = useSearchParams();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const command = useCommand(RefreshPlanDocument);
  const asked = useRef(false);
  const chargeId = params.get("charge_id");
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each return.
  useEffect(() => {
    if (chargeId === null || asked.current) return;
    asked.current = true;
    void command.run({ chargeId, language: i18n.language }).then((result) => {
      if (result) setOutcome(result.outcome ?? "UNKNOWN");
      setParams(
        (present) => {
          present.delete("charge_id");
          return present;
        },
        { replace: true },
      );
      refresh();
    });
  }, [chargeId]);
  return { outcome, checking: command.running, errors: command.errors, dismiss: () => setOutcome(null) };
}

function Plans({ data }: { data: PlansQuery }) {
  const { t, i18n } = useTranslation();
  const { shop, hasPlans } = useSelf();
  const command = useCommand(ChangePlanDocument);
  const [chosen, setChosen] = useState("");
  const [asking, setAsking] = useState<PlanOfferFragment | null>(null);
  const { currentPlan: current, plans } = data;

  const change = async (planId: string): Promise<void> => {
    setChosen(planId);
    const result = await command.run({ planId, language: i18n.language });
    setAsking(null);
    if (result?.confirmationUrl) leaveTo(result.confirmationUrl);
    else if (result?.currentPlan) {
      const stays = planId === current.plan.id;
      toast(t(stays ? "plan.stays" : "plan.changed", { plan: result.currentPlan.plan.name }));
    }
  };
  const choose = (plan: PlanOfferFragment): void => {
    const { free, excess } = consequences(plan, current);
    if (free || excess) setAsking(plan);
    else void change(plan.id);
  };

  return (
    <>
      <UserErrors errors={command.errors} />
      <PlanNotices plan={current} running={command.running} onChoose={(id) => void change(id)} />
      <Card>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {t("plan.usage")}
          </Text>
          <Usage plan={current} />
          {current.allowed === null && (
            <Text as="p" tone="subdued">
              {t(hasPlans ? "plan.anyNumber" : "plan.ownServer")}
            </Text>
          )}
          {shop.role === "MAIN" && (
            <Text as="p" tone="subdued">
              {t("plan.countedMain")}
            </Text>
          )}
        </BlockStack>
      </Card>
      {hasPlans && (
        <BlockStack gap="300">
          <Box paddingInline={{ xs: "400", sm: "0" }}>
            <BlockStack gap="050">
              <Text as="h2" variant="headingMd">
                {t("plan.choose")}
              </Text>
              <Text as="p" tone="subdued">
                {t("plan.atShopify")}
              </Text>
            </BlockStack>
          </Box>
          <InlineGrid columns={{ xs: 1, md: Math.min(plans.length, 3) }} gap="400">
            {plans.map((plan) => (
              <PlanTile
                key={plan.id}
                plan={plan}
                current={current.plan}
                running={command.running && chosen === plan.id}
                disabled={command.running}
                onChoose={() => choose(plan)}
              />
            ))}
          </InlineGrid>
        </BlockStack>
      )}
      {asking && (
        <ConfirmLess
          plan={asking}
          current={current}
          running={command.running}
          onClose={() => setAsking(null)}
          onConfirm={() => void change(asking.id)}
        />
      )}
    </>
  );
}

function ConfirmLess({
  plan,
  current,
  running,
  onClose,
  onConfirm,
}: {
  plan: PlanOfferFragment;
  current: PlansQuery["currentPlan"];
  running: boolean;
  onClose: () => void;
  onConfirm: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { free, excess } = consequences(plan, current);
  const allowed = format.number(plan.productLimit ?? 0);
  const texts = [
    ...(free ? [t("plan.lessFree")] : []),
    ...(excess ? [t("plan.lessUse", { used: format.number(current.used), allowed })] : []),
  ];
  return (
    <Confirm
      title={t("plan.lessTitle", { plan: plan.name })}
      text={texts.join(" ")}
      action={t("plan.changeTo", { plan: plan.name })}
      running={running}
      onClose={onClose}
      onConfirm={onConfirm}
    />
  );
}
