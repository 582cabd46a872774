import { expect, it } from "vitest";
import {
  addressesIn,
  afterSending,
  filled,
  MOST_AT_ONCE,
  noRows,
  pasted,
  type Row,
  removed,
  typed,
  unsent,
} from "./inviteRows";

const texts = (rows: readonly Row[]): string[] => rows.map(({ text }) => text);
const fault = { code: "NOT_A_SHOP_ADDRESS" as const, field: ["urls", "1"], message: "", params: [] };

it("begins with one line and grows by one whenever the last is used", () => {
  let rows = noRows();
  expect(texts(rows)).toEqual([""]);
  rows = typed(rows, 1, "a");
  expect(texts(rows)).toEqual(["a", ""]);
  rows = typed(rows, 1, "ab");
  expect(texts(rows)).toEqual(["ab", ""]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
});

it("forgets the fault of a line that is corrected", () => {
  const [row] = typed([{ id: 1, text: "x", fault }], 1, "x.myshopify.com");
  expect(row).toEqual({ id: 1, text: "x.myshopify.com" });
});

it("reads a list however it is separated", () => {
  expect(addressesIn(" a.myshopify.com\r\nb.myshopify.com,  c.myshopify.com;\n\n")).toEqual([
    "a.myshopify.com",
    "b.myshopify.com",
    "c.myshopify.com",
  ]);
});

it("puts a pasted list where the cursor is and keeps what is below", () => {
  const rows = typed(typed(typed(noRows(), 1, "first"), 2, ""), 2, "last");
  expect(texts(pasted(rows, 1, ["a", "b", "c"]))).toEqual(["a", "b", "c", "last", ""]);
});

it("never holds more than can be sent", () => {
  const many = Array.from({ length: 80 }, (_, index) => `shop-${index}`);
  const rows = pasted(noRows(), 1, many);
  expect(rows.length).toBe(MOST_AT_ONCE);
  expect(filled(rows).length).toBe(MOST_AT_ONCE);
  expect(texts(removed(rows, 1)).at(-1)).toBe("");
});

it("keeps the wrong ones for correction and starts afresh when all were sent", () => {
  const rows = [
    { id: 1, text: "a" },
    { id: 4, text: "b" },
    { id: 2, text: "" },
  ];
  const sent = filled(rows);
  const left = unsent(sent, [{ userErrors: [] }, { userErrors: [fault] }]);
  expect(left).toEqual([{ id: 4, text: "b", fault }]);
  expect(texts(afterSending(left, rows))).toEqual(["b", ""]);
  expect(afterSending([], rows)).toEqual([{ id: 5, text: "" }]);
});
