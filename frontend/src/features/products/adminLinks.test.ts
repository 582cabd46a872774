import { expect, it } from "vitest";
import { productId } from "./adminLinks";

it.each([
  ["123", "gid://shopify/Product/123"],
  [" gid://shopify/Product/9007199254740993 ", "gid://shopify/Product/9007199254740993"],
  ["https://admin.shopify.com/store/x/products/123?variant=4", "gid://shopify/Product/123"],
  ["https://x.myshopify.com/admin/products/123", "gid://shopify/Product/123"],
  ["gid://shopify/ProductVariant/123", null],
  ["Lamp", null],
  ["", null],
])("reads %j as %s", (typed, id) => {
  expect(productId(typed)).toBe(id);
});
