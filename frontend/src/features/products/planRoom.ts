import { useTranslation } from "react-i18next";
import { useSelf } from "~/app/self";
import type { FailuresFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";

/** Names the plans of these shops as places: "in your plan and in the plan of north.myshopify.com". */
export function usePlanNames(): (shops: readonly string[]) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const { shop: self } = useSelf();
  return (shops) =>
    format.list(
      shops.map((shop) => (shop === self.domain ? t("unlinked.ownPlan") : t("unlinked.planOf", { shop }))),
    );
}

/** The shops whose plan has no room yet for what was decided. */
export function fullPlans(warnings: readonly FailuresFragment[]): string[] {
  return warnings
    .filter(({ code }) => code === "PRODUCT_LIMIT_REACHED")
    .flatMap(({ params }) => params.filter(({ name }) => name === "shop").map(({ value }) => value));
}

/** What is said to a decided link: that it is done, or which plan it waits for. */
export function useDecided(): (
  payload: { warnings: readonly FailuresFragment[] },
  done: string,
  later: "unlinked.waits" | "unlinked.createdLater",
) => string {
  const { t } = useTranslation();
  const names = usePlanNames();
  return ({ warnings }, done, later) => {
    const full = fullPlans(warnings);
    return full.length > 0 ? t(later, { where: names(full) }) : done;
  };
}
