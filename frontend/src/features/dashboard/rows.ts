import type { ConnectionRowFragment, DashboardQuery } from "~/graphql/generated/graphql";

export type ShopRow = DashboardQuery["shops"]["edges"][number]["node"];

/** Prices wait: the two shops count in different money and nobody has said at what rate. */
export function lacksRate({ main, dependent, syncSettings }: ConnectionRowFragment): boolean {
  return (
    syncSettings !== null &&
    syncSettings.prices &&
    main.currency !== dependent.currency &&
    syncSettings.priceRules.conversionRate === null
  );
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
