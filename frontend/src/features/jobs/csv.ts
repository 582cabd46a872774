import type { ChangeRowFragment } from "~/graphql/generated/graphql";

export const CSV_HEADER = [
  "seq",
  "product",
  "sku",
  "lane",
  "action",
  "field",
  "key",
  "location",
  "before",
  "after",
  "outcome",
  "held_reason",
  "error_code",
  "shopify_code",
  "message",
  "applied_at",
  "main_product_id",
  "product_id",
  "variant_id",
] as const;

/** A change in the order of CSV_HEADER. Names and values are the API's own, the same in every language. */
export function csvRow(change: ChangeRowFragment): string[] {
  return [
    String(change.seq),
    change.title,
    change.sku,
    change.lane,
    change.action,
    change.field,
    change.key,
    change.location?.name ?? "",
    cell(change.before),
    cell(change.after),
    change.state,
    change.heldReason ?? "",
    change.error?.code ?? "",
    change.error?.shopifyCode ?? "",
    change.error?.message ?? "",
    change.appliedAt ?? "",
    change.mainProductId ?? "",
    change.productId ?? "",
    change.variantId ?? "",
  ];
}

/** One line as RFC 4180 has it. A cell that a spreadsheet would run as a formula is kept as text by an apostrophe. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(quote).join(",")}\r\n`;
}

function quote(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  const safe = /^[=+\-@\t\r]/.test(text) && !isNumber ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
