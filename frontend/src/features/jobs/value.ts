import type { ChangeRowFragment } from "~/graphql/generated/graphql";

/** How a value of a change is shown. `none` is an absent value; `fact` a sentence of the app with its parameters. */
export type Shown =
  | { kind: "none" }
  | { kind: "text"; text: string }
  | { kind: "long"; text: string }
  | { kind: "money"; amount: string; currency: string }
  | { kind: "number"; value: number }
  | { kind: "tags"; items: readonly string[] }
  | { kind: "options"; items: readonly { name: string; values: readonly string[] }[] }
  | { kind: "image"; url: string; alt: string; picture: boolean }
  | { kind: "term"; term: "yes" | "no" | "noOptions" | ProductStatus | "DENY" | "CONTINUE" }
  | { kind: "product"; variants: number; price: string | null; currency: string }
  | { kind: "code"; text: string };

type ProductStatus = "ACTIVE" | "ARCHIVED" | "DRAFT" | "UNLISTED";

const MONEY = new Set(["PRICE", "COMPARE_AT_PRICE", "COST"]);
const STATUSES: readonly string[] = ["ACTIVE", "ARCHIVED", "DRAFT", "UNLISTED"];
const LONG = 120;

type Valued = Pick<ChangeRowFragment, "action" | "field">;

/** What to show of `value`, the before- or after-value of `change`; money is in `currency`. */
export function shown(change: Valued, value: unknown, currency: string): Shown {
  if (value === null || value === undefined || value === "") return { kind: "none" };
  switch (change.action) {
    case "CREATE_PRODUCT":
    case "DELETE_PRODUCT":
      return product(value, currency);
    case "CREATE_VARIANT":
    case "DELETE_VARIANT":
      return variant(value, currency);
    case "ADD_MEDIA":
    case "REMOVE_MEDIA":
      return media(value);
    case "RESTRUCTURE":
      return isRecord(value) ? options(value.options) : code(value);
  }
  if (change.field === "MEDIA" && isRecord(value)) return media(value);
  if (change.field === "OPTIONS" || change.field === "OPTION_ORDER") return options(value);
  if (typeof value === "boolean") return { kind: "term", term: value ? "yes" : "no" };
  if (typeof value === "number") return { kind: "number", value };
  if (typeof value === "string") return fromText(change.field, value, currency);
  if (Array.isArray(value) && value.length === 0) return { kind: "none" };
  if (Array.isArray(value)) return { kind: "tags", items: value.map(plain) };
  if (isRecord(value) && change.field === "WEIGHT") {
    return { kind: "text", text: `${plain(value.value)} ${weightUnit(plain(value.unit))}` };
  }
  if (isRecord(value) && change.field === "METAFIELD") return long(plain(value.value));
  return code(value);
}

/** The text of a value that is one, null for any other. */
export function textOf(value: Shown): string | null {
  return value.kind === "text" || value.kind === "long" ? value.text : null;
}

function fromText(field: string, text: string, currency: string): Shown {
  if (MONEY.has(field)) return { kind: "money", amount: text, currency };
  if (field === "STATUS" && STATUSES.includes(text)) return { kind: "term", term: text as ProductStatus };
  if (field === "INVENTORY_POLICY" && (text === "DENY" || text === "CONTINUE"))
    return { kind: "term", term: text };
  return field === "DESCRIPTION" ? long(withoutTags(text)) : long(text);
}

function long(text: string): Shown {
  if (text === "") return { kind: "none" };
  return text.length > LONG ? { kind: "long", text } : { kind: "text", text };
}

function product(value: unknown, currency: string): Shown {
  const record = isRecord(value) && isRecord(value.product) ? value.product : value;
  if (!isRecord(record)) return code(value);
  const variants = Array.isArray(record.variants) ? record.variants : [];
  return { kind: "product", variants: variants.length, price: lowestPrice(variants), currency };
}

function variant(value: unknown, currency: string): Shown {
  if (!isRecord(value) || typeof value.price !== "string") return code(value);
  return { kind: "money", amount: value.price, currency };
}

function lowestPrice(variants: readonly unknown[]): string | null {
  const prices = variants.flatMap((one) =>
    isRecord(one) && typeof one.price === "string" ? [one.price] : [],
  );
  return prices.sort((one, other) => Number(one) - Number(other))[0] ?? null;
}

function media(value: unknown): Shown {
  if (!isRecord(value) || typeof value.url !== "string") return code(value);
  // Videos and models have no picture of themselves, and the page shows nothing that is not encrypted.
  const picture = value.kind === "IMAGE" && value.url.startsWith("https://");
  return { kind: "image", url: value.url, alt: plain(value.alt), picture };
}

function options(value: unknown): Shown {
  if (!Array.isArray(value)) return code(value);
  const items = value.map((option) => {
    const [name, values] = Array.isArray(option) ? option : [option, []];
    return { name: plain(name), values: Array.isArray(values) ? values.map(plain) : [] };
  });
  // A product without options has this one at Shopify, in every language.
  const [only] = items;
  const none = items.length === 1 && only?.name === "Title" && only.values.join() === "Default Title";
  return items.length === 0 || none ? { kind: "term", term: "noOptions" } : { kind: "options", items };
}

function code(value: unknown): Shown {
  return { kind: "code", text: JSON.stringify(value) };
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const WEIGHT_UNITS: Record<string, string> = { GRAMS: "g", KILOGRAMS: "kg", OUNCES: "oz", POUNDS: "lb" };

function weightUnit(unit: string): string {
  return WEIGHT_UNITS[unit] ?? unit;
}

/** The words of an HTML text, without running or loading anything of it. */
function withoutTags(html: string): string {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return (parsed.body.textContent ?? "").replace(/\s+/g, " ").trim();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
