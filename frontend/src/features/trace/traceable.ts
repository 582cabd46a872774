const OF_VARIANT = new Set([
  "PRICE",
  "COMPARE_AT_PRICE",
  "COST",
  "STOCK",
  "SKU",
  "BARCODE",
  "WEIGHT",
  "TAXABLE",
  "REQUIRES_SHIPPING",
  "TRACKED",
  "INVENTORY_POLICY",
  "HS_CODE",
  "COUNTRY_OF_ORIGIN",
  "VARIANT_MEDIA",
]);
const OF_PRODUCT = new Set([
  "TITLE",
  "DESCRIPTION",
  "VENDOR",
  "PRODUCT_TYPE",
  "CATEGORY",
  "TAGS",
  "STATUS",
  "SEO_TITLE",
  "SEO_DESCRIPTION",
  "TEMPLATE_SUFFIX",
  "HANDLE",
  "OPTIONS",
]);

/** A value of one of the dependent's products, or of its variant; `field` and `key` as in a change. */
export interface ValueName {
  productId: string;
  variantId: string | null;
  field: string;
  key: string;
}

/** The value that a change or a difference is about, null where it is about none that can be traced. */
export function tracedValue(about: {
  productId: string | null;
  variantId: string | null;
  field: string;
  key: string;
  action?: string;
}): ValueName | null {
  const { productId, variantId, field, key, action = "SET" } = about;
  if (!productId || (action !== "SET" && action !== "RESTRUCTURE")) return null;
  const known = field === "METAFIELD" || (variantId ? OF_VARIANT : OF_PRODUCT).has(field);
  return known ? { productId, variantId, field, key } : null;
}
