import type { DetailField, SettingsFragment, SyncSettingsInput } from "~/graphql/generated/graphql";

/**
 * The settings as a form holds them: numbers as typed. `rateHolds` is false for a rate that was entered for other currencies than the shops have now, until a person says that it holds.
 */
export interface SettingsForm
  extends Omit<
    SettingsFragment,
    "version" | "updatedAt" | "priceRules" | "stockBuffer" | "stockCap" | "brake"
  > {
  priceRules: {
    conversionRate: string;
    rateHolds: boolean;
    percent: string;
    amount: string;
    ending: string;
    compareAt: boolean;
  };
  stockBuffer: string;
  stockCap: string;
  brake: { percent: string; count: string; pricePercent: string; priceZero: boolean };
}

/** Every field of the details, as people think of them together. */
export const FIELD_GROUPS = {
  texts: ["TITLE", "DESCRIPTION", "SEO", "HANDLE"],
  media: ["MEDIA", "VARIANT_MEDIA"],
  organisation: ["STATUS", "VENDOR", "PRODUCT_TYPE", "CATEGORY", "TAGS", "TEMPLATE_SUFFIX"],
  variants: ["OPTIONS", "SKU", "BARCODE"],
  inventory: ["TRACKED", "INVENTORY_POLICY", "COST", "TAXABLE"],
  shipping: ["REQUIRES_SHIPPING", "WEIGHT", "HS_CODE", "COUNTRY_OF_ORIGIN"],
  metafields: ["METAFIELDS"],
} as const satisfies Record<string, readonly DetailField[]>;

export type FieldGroupName = keyof typeof FIELD_GROUPS;

/** In the order of the API, which does not show. */
export const DETAIL_FIELDS: readonly DetailField[] = [
  "TITLE",
  "DESCRIPTION",
  "VENDOR",
  "PRODUCT_TYPE",
  "CATEGORY",
  "TAGS",
  "STATUS",
  "SEO",
  "TEMPLATE_SUFFIX",
  "HANDLE",
  "OPTIONS",
  "SKU",
  "BARCODE",
  "WEIGHT",
  "TAXABLE",
  "REQUIRES_SHIPPING",
  "TRACKED",
  "INVENTORY_POLICY",
  "HS_CODE",
  "COUNTRY_OF_ORIGIN",
  "COST",
  "MEDIA",
  "VARIANT_MEDIA",
  "METAFIELDS",
];

/** What a dependent starts from before it has chosen; the same as the server's defaults. */
export const DEFAULTS: SettingsForm = {
  products: "MATCHED",
  details: false,
  prices: true,
  quantities: true,
  fields: DETAIL_FIELDS.filter((field) => field !== "HANDLE"),
  metafieldNamespaces: [],
  selection: {
    includeTags: [],
    includeTypes: [],
    includeVendors: [],
    includeProductIds: [],
    excludeTags: [],
    excludeTypes: [],
    excludeVendors: [],
    excludeProductIds: [],
  },
  newProductStatus: "AS_MAIN",
  publishNewProducts: true,
  missingProduct: "DRAFT",
  missingVariant: "ZERO_STOCK",
  priceRules: {
    conversionRate: "",
    rateHolds: true,
    percent: "0",
    amount: "0",
    ending: "",
    compareAt: true,
  },
  stockMode: "MIRROR",
  stockBuffer: "0",
  stockCap: "",
  localEditsDetails: "MAIN_WINS",
  localEditsPrices: "MAIN_WINS",
  brake: { percent: "10", count: "20", pricePercent: "50", priceZero: true },
};

export interface Currencies {
  main: string;
  dependent: string;
}

export function toForm(settings: SettingsFragment | null, currencies: Currencies): SettingsForm {
  if (!settings) return DEFAULTS;
  const { version, updatedAt, priceRules, brake, stockBuffer, stockCap, selection, ...rest } = settings;
  return {
    ...rest,
    selection: {
      includeTags: selection.includeTags,
      includeTypes: selection.includeTypes,
      includeVendors: selection.includeVendors,
      includeProductIds: selection.includeProductIds,
      excludeTags: selection.excludeTags,
      excludeTypes: selection.excludeTypes,
      excludeVendors: selection.excludeVendors,
      excludeProductIds: selection.excludeProductIds,
    },
    priceRules: {
      conversionRate: priceRules.conversionRate ?? "",
      rateHolds:
        priceRules.conversionRate === null ||
        (priceRules.rateFrom === currencies.main && priceRules.rateTo === currencies.dependent),
      percent: priceRules.percent,
      amount: priceRules.amount,
      ending: priceRules.ending ?? "",
      compareAt: priceRules.compareAt,
    },
    stockBuffer: String(stockBuffer),
    stockCap: stockCap === null ? "" : String(stockCap),
    brake: {
      percent: brake.percent,
      count: String(brake.count),
      pricePercent: brake.pricePercent,
      priceZero: brake.priceZero,
    },
  };
}

/** Only for a form without problems. */
export function toInput(form: SettingsForm): SyncSettingsInput {
  const { priceRules, brake, stockBuffer, stockCap, ...rest } = form;
  return {
    ...rest,
    priceRules: {
      conversionRate: optional(priceRules.conversionRate),
      percent: decimal(priceRules.percent),
      amount: decimal(priceRules.amount),
      ending: optional(priceRules.ending),
      compareAt: priceRules.compareAt,
    },
    stockBuffer: Number(decimal(stockBuffer)),
    stockCap: stockCap.trim() === "" ? null : Number(decimal(stockCap)),
    brake: {
      percent: decimal(brake.percent),
      count: Number(decimal(brake.count)),
      pricePercent: decimal(brake.pricePercent),
      priceZero: brake.priceZero,
    },
  };
}

/** What was edited and nothing else, so that the rest stays what it is, here and in every shop it is saved for. */
export function editsOf(form: SettingsForm, saved: SettingsForm): SyncSettingsInput {
  const [now, before] = [toInput(form), toInput(saved)];
  const edits: Record<string, unknown> = edited(now, before);
  for (const part of ["selection", "priceRules", "brake"] as const) {
    if (part in edits) edits[part] = edited(now[part] ?? {}, before[part] ?? {});
  }
  if (form.priceRules.rateHolds && !saved.priceRules.rateHolds) {
    edits.priceRules = {
      ...(edits.priceRules as object),
      conversionRate: now.priceRules?.conversionRate ?? null,
    };
  }
  // The API turns on with all products what is not said to be off.
  if ("products" in edits) {
    Object.assign(edits, { details: form.details, prices: form.prices, quantities: form.quantities });
  }
  return edits as SyncSettingsInput;
}

function edited<Part extends object>(now: Part, before: Part): Partial<Part> {
  const changed = Object.entries(now).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Part]),
  );
  return Object.fromEntries(changed) as Partial<Part>;
}

/** Choosing all products turns everything on; prices and quantities may be turned off again, details may not. */
export function withScope(form: SettingsForm, products: SettingsForm["products"]): SettingsForm {
  return products === "ALL"
    ? { ...form, products, details: true, prices: true, quantities: true }
    : { ...form, products };
}

/** "1,5" as people in most of Europe type it is 1.5; an empty field is 0. */
export function decimal(typed: string): string {
  return typed.trim().replace(",", ".").replace(/^$/, "0");
}

function optional(typed: string): string | null {
  return typed.trim() === "" ? null : decimal(typed);
}

export type Problem =
  | "notNumber"
  | "notWhole"
  | "notPositive"
  | "percentTooLow"
  | "ending"
  | "negative"
  | "share"
  | "nothing"
  | "capBelowZero";

export type Problems = Partial<Record<string, Problem>>;

/** What is wrong with the form, by the API's field path; the server checks the same again. */
export function problemsOf(form: SettingsForm): Problems {
  const found: Problems = {};
  const check = (
    field: string,
    typed: string,
    rule: (value: number) => Problem | null,
    whole = false,
  ): void => {
    const text = decimal(typed);
    const pattern = whole ? /^-?\d{1,9}$/ : /^-?\d{1,12}(\.\d{1,6})?$/;
    const problem = pattern.test(text) ? rule(Number(text)) : whole ? "notWhole" : "notNumber";
    if (problem) found[field] = problem;
  };
  const { priceRules, brake } = form;
  if (!form.details && !form.prices && !form.quantities) found.products = "nothing";
  if (priceRules.conversionRate.trim() !== "") {
    check("priceRules.conversionRate", priceRules.conversionRate, (rate) =>
      rate > 0 ? null : "notPositive",
    );
  }
  check("priceRules.percent", priceRules.percent, (percent) => (percent > -100 ? null : "percentTooLow"));
  check("priceRules.amount", priceRules.amount, () => null);
  if (priceRules.ending.trim() !== "") {
    check("priceRules.ending", priceRules.ending, (ending) => (ending >= 0 && ending < 1 ? null : "ending"));
  }
  check("stockBuffer", form.stockBuffer, (buffer) => (buffer >= 0 ? null : "negative"), true);
  if (form.stockCap.trim() !== "")
    check("stockCap", form.stockCap, (cap) => (cap >= 0 ? null : "capBelowZero"), true);
  check("brake.percent", brake.percent, (share) => (share >= 0 && share <= 100 ? null : "share"));
  check("brake.count", brake.count, (count) => (count >= 0 ? null : "negative"), true);
  check("brake.pricePercent", brake.pricePercent, (share) => (share > 0 ? null : "notPositive"));
  return found;
}

export function isChanged(one: SettingsForm, other: SettingsForm): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}
