/** The number at the end of a Shopify id ("gid://shopify/Product/123"). */
export function numberOf(gid: string): string {
  return gid.split("/").at(-1) ?? gid;
}

/** A product's page in its own shop's admin. */
export function adminProduct(domain: string, gid: string): string {
  return `https://${domain}/admin/products/${numberOf(gid)}`;
}

/** This app in a shop's admin. */
export function adminApp(domain: string): string {
  const key = document.querySelector<HTMLMetaElement>('meta[name="shopify-api-key"]')?.content ?? "";
  return `https://${domain}/admin/apps/${key}`;
}

/** The product that a person means: an id, a bare number, or the address of its admin page; null for anything else. */
export function productId(typed: string): string | null {
  const text = typed.trim();
  const number = /^(?:gid:\/\/shopify\/Product\/|https:\/\/[^\s]*\/products\/)?(\d{1,20})(?:[/?#].*)?$/.exec(
    text,
  )?.[1];
  return number ? `gid://shopify/Product/${number}` : null;
}
