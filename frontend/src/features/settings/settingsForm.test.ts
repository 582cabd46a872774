import { describe, expect, it } from "vitest";
import { examplePrice, exampleSteps } from "./examplePrice";
import {
  DEFAULTS,
  DETAIL_FIELDS,
  editsOf,
  FIELD_GROUPS,
  isChanged,
  problemsOf,
  type SettingsForm,
  toForm,
  toInput,
  withScope,
} from "./settingsForm";

const EURO = { main: "EUR", dependent: "EUR" };
const form = (part: Partial<SettingsForm> = {}): SettingsForm => ({ ...DEFAULTS, ...part });
const prices = (part: Partial<SettingsForm["priceRules"]>): SettingsForm["priceRules"] => ({
  ...DEFAULTS.priceRules,
  ...part,
});

describe("the form", () => {
  it("starts from defaults that are fine", () => {
    expect(problemsOf(toForm(null, EURO))).toEqual({});
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

  it("sends what was edited and nothing else", () => {
    expect(editsOf(form(), form())).toEqual({});
    expect(
      editsOf(
        form({ stockBuffer: "2", priceRules: prices({ percent: "5" }) }),
        form({ priceRules: prices({ ending: "0.99" }) }),
      ),
    ).toEqual({ stockBuffer: 2, priceRules: { percent: "5", ending: null } });
    expect(editsOf(form({ brake: { ...DEFAULTS.brake, count: "7" } }), form())).toEqual({
      brake: { count: 7 },
    });
  });

  it("says what is off when all products are chosen", () => {
    const all = { ...withScope(form({ prices: false }), "ALL"), prices: false };
    expect(editsOf(all, form({ prices: false }))).toEqual({
      products: "ALL",
      details: true,
      prices: false,
      quantities: true,
    });
  });

  it("sends a rate again that a person says to hold for the currencies of now", () => {
    const stale = prices({ conversionRate: "1.1", rateHolds: false });
    const held = prices({ conversionRate: "1.1", rateHolds: true });
    expect(isChanged(form({ priceRules: held }), form({ priceRules: stale }))).toBe(true);
    expect(editsOf(form({ priceRules: held }), form({ priceRules: stale }))).toEqual({
      priceRules: { conversionRate: "1.1" },
    });
    expect(editsOf(form({ priceRules: stale, stockBuffer: "1" }), form({ priceRules: stale }))).toEqual({
      stockBuffer: 1,
    });
  });

  it("shows every field of the details once", () => {
    expect(Object.values(FIELD_GROUPS).flat().sort()).toEqual([...DETAIL_FIELDS].sort());
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

  it("tells how it comes about, by the rules that change something", () => {
    const rules = prices({ conversionRate: "0.86", percent: "10", amount: "0.5", ending: "0.99" });
    expect(exampleSteps("24.50", rules, false, 2)).toEqual([
      { rule: "rate", value: "21.07" },
      { rule: "percent", value: "23.177" },
      { rule: "amount", value: "23.677" },
      { rule: "ending", value: "23.99" },
    ]);
    expect(exampleSteps("24.50", prices({ percent: "1" }), true, 2)).toEqual([
      { rule: "percent", value: "24.745" },
      { rule: "rounding", value: "24.75" },
    ]);
    expect(exampleSteps("24.50", prices({}), true, 2)).toEqual([{ rule: "rounding", value: "24.50" }]);
    expect(exampleSteps("24.50", prices({ conversionRate: "2", rateHolds: false }), true, 2)).toBeNull();
  });

  it("waits for a rate between two currencies", () => {
    expect(examplePrice("9.90", prices({}), false, 2)).toBeNull();
    expect(examplePrice("9.90", prices({ conversionRate: "0,86" }), false, 2)).toBe("8.51");
  });

  it("has no coins in yen", () => {
    expect(examplePrice("9.90", prices({ conversionRate: "163.5" }), false, 0)).toBe("1619");
  });
});
