import { describe, expect, it } from "vitest";
import { examplePrice } from "./examplePrice";
import {
  DEFAULTS,
  isChanged,
  problemsOf,
  type SettingsForm,
  toForm,
  toInput,
  withScope,
} from "./settingsForm";

const form = (part: Partial<SettingsForm> = {}): SettingsForm => ({ ...DEFAULTS, ...part });
const prices = (part: Partial<SettingsForm["priceRules"]>): SettingsForm["priceRules"] => ({
  ...DEFAULTS.priceRules,
  ...part,
});

describe("the form", () => {
  it("starts from defaults that are fine", () => {
    expect(problemsOf(toForm(null))).toEqual({});
  });

  it("turns everything on with all products, and lets prices off again", () => {
    const all = withScope(form({ details: false, prices: false, quantities: false }), "ALL");
    expect([all.details, all.prices, all.quantities]).toEqual([true, true, true]);
    expect(withScope(form({ prices: false }), "MATCHED").prices).toBe(false);
  });

  it("takes a comma for a point and an empty field for none", () => {
    const input = toInput(
      form({
        priceRules: prices({ percent: "-2,5", amount: "", ending: "0,99", conversionRate: " " }),
        stockCap: "",
      }),
    );
    expect(input.priceRules).toEqual({
      conversionRate: null,
      percent: "-2.5",
      amount: "0",
      ending: "0.99",
      compareAt: true,
    });
    expect(input.stockCap).toBeNull();
    expect(input.stockBuffer).toBe(0);
  });

  it("keeps what it does not show", () => {
    const selection = { ...DEFAULTS.selection, includeProductIds: ["gid://shopify/Product/1"] };
    expect(toInput(form({ selection })).selection).toEqual(selection);
  });

  it.each([
    [{ details: false, prices: false, quantities: false }, { products: "nothing" }],
    [{ priceRules: prices({ conversionRate: "0" }) }, { "priceRules.conversionRate": "notPositive" }],
    [{ priceRules: prices({ percent: "-100" }) }, { "priceRules.percent": "percentTooLow" }],
    [{ priceRules: prices({ percent: "ten" }) }, { "priceRules.percent": "notNumber" }],
    [{ priceRules: prices({ ending: "1" }) }, { "priceRules.ending": "ending" }],
    [{ priceRules: prices({ ending: "-0.01" }) }, { "priceRules.ending": "ending" }],
    [{ stockBuffer: "-1" }, { stockBuffer: "negative" }],
    [{ stockBuffer: "1.5" }, { stockBuffer: "notWhole" }],
    [{ stockCap: "-3" }, { stockCap: "capBelowZero" }],
    [{ brake: { ...DEFAULTS.brake, percent: "101" } }, { "brake.percent": "share" }],
    [{ brake: { ...DEFAULTS.brake, count: "2.5" } }, { "brake.count": "notWhole" }],
    [{ brake: { ...DEFAULTS.brake, pricePercent: "0" } }, { "brake.pricePercent": "notPositive" }],
  ] as const)("finds what is wrong with %j", (part, problems) => {
    expect(problemsOf(form(part as Partial<SettingsForm>))).toEqual(problems);
  });

  it("knows whether it was changed", () => {
    expect(isChanged(form(), form())).toBe(false);
    expect(isChanged(form(), form({ prices: false }))).toBe(true);
  });
});

describe("the example price", () => {
  it.each([
    ["9.90", {}, "9.90"],
    ["9.90", { percent: "10" }, "10.89"],
    ["24.30", { ending: "0.99" }, "23.99"],
    ["24.49", { ending: "0.99" }, "24.99"],
    ["0.20", { ending: "0.00" }, "1.00"],
    ["10", { amount: "-12" }, "0.00"],
    ["0", { amount: "5" }, "0.00"],
    ["0.125", { percent: "0" }, "0.13"],
    ["19.99", { conversionRate: "1.0837", percent: "-5", amount: "0.5" }, "21.08"],
  ])("makes of %s by %j %s", (amount, rules, result) => {
    expect(examplePrice(amount, prices(rules), true, 2)).toBe(result);
  });

  it("waits for a rate between two currencies", () => {
    expect(examplePrice("9.90", prices({}), false, 2)).toBeNull();
    expect(examplePrice("9.90", prices({ conversionRate: "0,86" }), false, 2)).toBe("8.51");
  });

  it("has no coins in yen", () => {
    expect(examplePrice("9.90", prices({ conversionRate: "163.5" }), false, 0)).toBe("1619");
  });
});
