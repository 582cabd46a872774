import { expect, it } from "vitest";
import { shopCalled, standing } from "~/dev/standing";
import { repairable } from "~/features/products/repairable";
import { rateTrouble, usualDelay } from "./rows";

it("tells the slower of prices and details, and leaves stock to its own figure", () => {
  const lane = (name: "STOCK" | "PRICE" | "DETAILS", median: number, p95: number) => ({
    lane: name,
    median,
    p95,
    count: 1,
  });
  expect(usualDelay([])).toBeNull();
  expect(usualDelay([lane("STOCK", 1, 2)])).toBeNull();
  expect(usualDelay([lane("STOCK", 9, 9), lane("PRICE", 1, 4), lane("DETAILS", 2, 3)])).toEqual({
    median: 2,
    p95: 4,
  });
});

it("offers to repair only what a repair would write", () => {
  expect(repairable("DRIFT")).toBe(true);
  expect(repairable("LOCAL_STOCK")).toBe(true);
  for (const reason of ["HELD", "LOCAL_EDIT", "BRAKE", "REFUSED"] as const)
    expect(repairable(reason)).toBe(false);
});

it.each([
  ["EUR", null, null, null, null],
  ["GBP", null, null, null, "rate"],
  ["GBP", "0.86", "EUR", "GBP", null],
  ["GBP", "0.86", "USD", "GBP", "rateChanged"],
  ["GBP", "0.86", "EUR", "CHF", "rateChanged"],
])(
  "with main in EUR, the dependent in %s, and a rate of %s from %s to %s, prices wait for: %s",
  (currency, conversionRate, rateFrom, rateTo, expected) => {
    const dependent = shopCalled("near", { currency });
    const priceRules = { conversionRate, rateFrom, rateTo };
    const tie = standing("near", { dependent, syncSettings: { version: 1, prices: true, priceRules } });
    expect(rateTrouble(tie)).toBe(expected);
    const off = { version: 1, prices: false, priceRules };
    expect(rateTrouble({ ...tie, syncSettings: off })).toBeNull();
  },
);
