import type { PlanOfferFragment, PlanStateFragment } from "~/graphql/generated/graphql";

/** Whether a plan leaves more room than another one. */
export function isLarger(plan: PlanOfferFragment, than: PlanOfferFragment): boolean {
  if (than.productLimit === null) return false;
  return plan.productLimit === null || plan.productLimit > than.productLimit;
}

/** What a person should know before: the subscription ends here and now, or more is linked than will fit. */
export function consequences(
  plan: PlanOfferFragment,
  current: PlanStateFragment,
): { free: boolean; excess: boolean } {
  return {
    free: plan.price === null && current.plan.price !== null,
    excess: plan.productLimit !== null && current.used > plan.productLimit,
  };
}
