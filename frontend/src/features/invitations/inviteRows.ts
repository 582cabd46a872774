import type { FailuresFragment } from "~/graphql/generated/graphql";

/** As many as the API takes at a time. */
export const MOST_AT_ONCE = 50;

/** A line of the form; `fault` is what was wrong with it when it was sent. */
export interface Row {
  id: number;
  text: string;
  fault?: FailuresFragment | undefined;
}

/** The lines, and an empty one at the end to go on with. */
function growing(rows: readonly Row[]): Row[] {
  const last = rows.at(-1);
  if ((last && last.text.trim() === "") || rows.length >= MOST_AT_ONCE) return [...rows];
  return [...rows, { id: nextId(rows), text: "" }];
}

export function noRows(): Row[] {
  return growing([]);
}

export function typed(rows: readonly Row[], id: number, text: string): Row[] {
  return growing(rows.map((row) => (row.id === id ? { id, text } : row)));
}

/** The addresses of a list that was copied from elsewhere. */
export function addressesIn(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Puts the first address where the cursor is and the others below it, as many as there is room for. */
export function pasted(rows: readonly Row[], id: number, addresses: readonly string[]): Row[] {
  const at = rows.findIndex((row) => row.id === id);
  const [first = "", ...more] = addresses;
  let free = nextId(rows);
  const added = more.map((text) => ({ id: free++, text }));
  const before = [...rows.slice(0, at), { id, text: first }];
  const rest = rows.slice(at + 1).filter((row) => row.text.trim() !== "");
  return growing([...before, ...added, ...rest].slice(0, MOST_AT_ONCE));
}

export function removed(rows: readonly Row[], id: number): Row[] {
  return growing(rows.filter((row) => row.id !== id));
}

export function filled(rows: readonly Row[]): Row[] {
  return rows.filter((row) => row.text.trim() !== "");
}

/** What is left to do: those with a fault, in the order they were sent in. */
export function unsent(
  sent: readonly Row[],
  results: readonly { userErrors: readonly FailuresFragment[] }[],
): Row[] {
  return sent.flatMap((row, index) => {
    const fault = results[index]?.userErrors[0];
    return fault ? [{ ...row, fault }] : [];
  });
}

/** The form after sending. */
export function afterSending(left: readonly Row[], rows: readonly Row[]): Row[] {
  return left.length > 0 ? growing(left) : [{ id: nextId(rows), text: "" }];
}

function nextId(rows: readonly Row[]): number {
  return Math.max(0, ...rows.map(({ id }) => id)) + 1;
}
