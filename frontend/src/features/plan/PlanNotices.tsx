import { Banner } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { PlanStateFragment, SubscriptionStatus } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";

export type Outcome = SubscriptionStatus | "UNKNOWN";

/** What became of the visit to Shopify. */
export function OutcomeBanner({
  outcome,
  plan,
  onDismiss,
}: {
  outcome: Outcome;
  plan: PlanStateFragment;
  onDismiss: () => void;
}) {
  const { t } = useTranslation();
  const tone = outcome === "ACTIVE" ? "success" : outcome === "FROZEN" ? "critical" : "info";
  return (
    <Banner tone={tone} onDismiss={onDismiss}>
      <p>{t(`plan.outcome.${outcome}`, { plan: plan.plan.name })}</p>
    </Banner>
  );
}

/** What a person should know of the plan as it stands, each with the way on. */
export function PlanNotices({
  plan,
  running,
  onChoose,
}: {
  plan: PlanStateFragment;
  running: boolean;
  onChoose: (planId: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { pending, waiting, waitingForOthers } = plan;
  const name = plan.plan.name;
  return (
    <>
      {plan.status === "FROZEN" && (
        <Banner tone="critical" title={t("plan.frozenTitle")}>
          <p>{t("plan.frozenText", { plan: name, number: format.number(plan.allowed ?? 0) })}</p>
        </Banner>
      )}
      {plan.status === "CANCELLED" && (
        <Banner
          tone="warning"
          title={t("plan.cancelledTitle")}
          action={{
            content: t("plan.seen", { plan: name }),
            loading: running,
            onAction: () => onChoose(plan.plan.id),
          }}
        >
          <p>{t("plan.cancelledText", { plan: name })}</p>
        </Banner>
      )}
      {pending && (
        <Banner
          tone="info"
          title={t("plan.pendingTitle", { plan: pending.plan.name })}
          action={{
            content: t("plan.confirmNow"),
            loading: running,
            onAction: () => onChoose(pending.plan.id),
          }}
          secondaryAction={{
            content: t("plan.stay", { plan: name }),
            onAction: () => onChoose(plan.plan.id),
          }}
        >
          <p>{t("plan.pendingText")}</p>
        </Banner>
      )}
      {waiting > 0 && (
        <Banner tone="warning" title={t("plan.fullTitle")}>
          <p>{t("plan.full", { count: waiting, number: format.number(waiting) })}</p>
        </Banner>
      )}
      {waitingForOthers > 0 && (
        <Banner tone="info">
          <p>{t("plan.others", { count: waitingForOthers, number: format.number(waitingForOthers) })}</p>
        </Banner>
      )}
    </>
  );
}
