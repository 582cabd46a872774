import { expect, it } from "vitest";
import { tracedValue } from "./traceable";

const product = "gid://shopify/Product/1";
const variant = "gid://shopify/ProductVariant/2";

it.each([
  [{ productId: product, variantId: variant, field: "PRICE", key: "" }, true],
  [{ productId: product, variantId: null, field: "TITLE", key: "" }, true],
  [{ productId: product, variantId: variant, field: "METAFIELD", key: "custom.care" }, true],
  [{ productId: product, variantId: null, field: "OPTIONS", key: "", action: "RESTRUCTURE" }, true],
  [{ productId: product, variantId: null, field: "PRICE", key: "" }, false],
  [{ productId: product, variantId: variant, field: "TITLE", key: "" }, false],
  [{ productId: product, variantId: variant, field: "STOCK", key: "1", action: "BOOK" }, false],
  [{ productId: product, variantId: null, field: "PRODUCT", key: "", action: "CREATE_PRODUCT" }, false],
  [{ productId: null, variantId: null, field: "TITLE", key: "" }, false],
])("a change of %j can be traced: %s", (about, expected) => {
  expect(tracedValue(about) !== null).toBe(expected);
});
