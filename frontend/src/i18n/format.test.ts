import { expect, it } from "vitest";
import { formatFor } from "./format";
import { languageOf, regionOf } from "./languages";

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ");

it("writes what is still being computed with all its decimals", () => {
  expect(formatFor("en").preciseMoney("22.1235", "GBP")).toBe("£22.1235");
  expect(plain(formatFor("de").preciseMoney("23.50", "EUR"))).toBe("23,50 €");
  expect(formatFor("de").decimal("0.8612345")).toBe("0,8612345");
});

it("writes money exactly, with the currency's own digits", () => {
  expect(formatFor("en").money("19.9", "EUR")).toBe("€19.90");
  expect(plain(formatFor("de").money("1234567.5", "EUR"))).toBe("1.234.567,50 €");
  expect(formatFor("en").money("1980", "JPY")).toBe("¥1,980");
  expect(plain(formatFor("en").money("1.234", "KWD"))).toBe("KWD 1.234");
  // A float would lose the last digits.
  expect(formatFor("en").money("90071992547409.93", "USD")).toBe("$90,071,992,547,409.93");
});

it("says 100 % only when nothing is left", () => {
  expect(formatFor("en").share(0.9999)).toBe("99%");
  expect(formatFor("en").share(1)).toBe("100%");
});

it("tells an exact share in hundredths of a percent, never rounded up", () => {
  const { exactShare } = formatFor("en");
  expect(exactShare(0.9998)).toBe("99.98%");
  expect(exactShare(0.99999)).toBe("99.99%");
  expect(exactShare(0.29)).toBe("29%");
  expect(exactShare(1)).toBe("100%");
  expect(plain(formatFor("de").exactShare(0.9998))).toBe("99,98 %");
});

it("tells short spans with a decimal", () => {
  const { seconds } = formatFor("en");
  expect(seconds(0.84)).toBe("0.8 sec");
  expect(seconds(9.96)).toBe("10 sec");
  expect(seconds(12.4)).toBe("12 sec");
  expect(seconds(90)).toBe("1 min 30 sec");
});

it("tells how long ago, and the date once it is long ago", () => {
  const now = new Date("2026-11-24T12:00:00Z");
  const { relative } = formatFor("en");
  expect(relative("2026-11-24T11:57:00Z", now)).toBe("3 minutes ago");
  expect(relative("2026-11-24T09:00:00Z", now)).toBe("3 hours ago");
  expect(relative("2026-11-23T11:00:00Z", now)).toBe("yesterday");
  expect(relative("2026-11-24T12:00:05Z", now)).toBe("now");
  expect(relative("2026-01-02T12:00:00Z", now)).toContain("2026");
});

it("tells a duration by its two largest units", () => {
  const { duration } = formatFor("en");
  expect(duration(0)).toBe("0 sec");
  expect(duration(59.4)).toBe("59 sec");
  expect(duration(60)).toBe("1 min");
  expect(duration(135)).toBe("2 min 15 sec");
  expect(duration(7_320)).toBe("2 hr 2 min");
});

it.each([
  ["fr-CA", "fr", "fr-CA"],
  ["de", "de", "de"],
  ["es_419", "es", "es-419"],
  ["pt-BR", "en", "en"],
  ["", "en", "en"],
  ["it-???", "it", "it"],
])("takes the language and the region from %j", (locale, language, region) => {
  expect(languageOf(locale)).toBe(language);
  expect(regionOf(locale)).toBe(region);
});

it("puts the colon where the language has it", () => {
  expect(formatFor("en").label("Price")).toBe("Price:");
  expect(formatFor("fr-CA").label("Prix")).toBe("Prix\u202f:");
});
