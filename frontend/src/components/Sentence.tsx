import { ShopAddress } from "./ShopAddress";

const ADDRESSES = /([\w-]+\.myshopify\.com)/;

/** A text with addresses of shops in it, which do not break at their hyphens. */
export function Sentence({ text }: { text: string }) {
  return text.split(ADDRESSES).map((part, index) =>
    // Splitting by a group gives text and address by turns.
    // biome-ignore lint/suspicious/noArrayIndexKey: the place is what stays the same
    index % 2 === 1 ? <ShopAddress key={index} domain={part} /> : part,
  );
}
