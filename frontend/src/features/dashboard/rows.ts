import type { ConnectionRowFragment, DashboardQuery, StandingFragment } from "~/graphql/generated/graphql";

export type ShopRow = DashboardQuery["shops"]["edges"][number]["node"];

/** What keeps prices waiting: no rate between two currencies, or one that was set for others; null where nothing does. */
export function rateTrouble({
  main,
  dependent,
  syncSettings,
}: StandingFragment): "rate" | "rateChanged" | null {
  if (!syncSettings?.prices) return null;
  const { conversionRate, rateFrom, rateTo } = syncSettings.priceRules;
  if (conversionRate === null) return main.currency === dependent.currency ? null : "rate";
  return rateFrom === main.currency && rateTo === dependent.currency ? null : "rateChanged";
}

/** The shop in which the app has to be opened for a suspended connection to go on: never the own one, which is open. */
export function shopToOpen({ shopsToOpen, dependent }: StandingFragment): StandingFragment["main"] {
  return shopsToOpen[0] ?? dependent;
}

/** How much of what a shop offers is linked, 0 to 1; null until the shop was read for the first time. */
export function linkedShare({
  linked,
  available,
}: {
  linked: number;
  available: number | null;
}): number | null {
  if (available === null) return null;
  return available === 0 ? 0 : Math.min(1, linked / available);
}

/** The delay of what is not stock, which has a figure of its own: the slower of prices and details. */
export function usualDelay(delay: ConnectionRowFragment["delay"]): { median: number; p95: number } | null {
  const others = delay.filter(({ lane }) => lane !== "STOCK");
  if (others.length === 0) return null;
  return {
    median: Math.max(...others.map(({ median }) => median)),
    p95: Math.max(...others.map(({ p95 }) => p95)),
  };
}
