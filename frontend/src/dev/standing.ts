import type { StandingFragment } from "~/graphql/generated/graphql";

/** A dependent of the main shop that is in order, but for `part`. */
export function standing(name: string, part: Partial<StandingFragment> = {}): StandingFragment {
  return {
    id: name,
    state: "ACTIVE",
    permissions: ["SYNC", "PREVIEW", "PAUSE", "RESUME"],
    heldChanges: 0,
    openConflicts: 0,
    productsSetAside: 0,
    main: shopCalled("main", { role: "MAIN", isSelf: true }),
    dependent: shopCalled(name),
    shopsToOpen: [],
    syncSettings: {
      version: 1,
      prices: true,
      priceRules: { conversionRate: null, rateFrom: null, rateTo: null },
    },
    lastJob: null,
    ...part,
  };
}

export function shopCalled(
  name: string,
  part: Partial<StandingFragment["main"]> = {},
): StandingFragment["main"] {
  return {
    id: name,
    domain: `${name}.myshopify.com`,
    name,
    role: "DEPENDENT",
    currency: "EUR",
    isSelf: false,
    ...part,
  };
}
