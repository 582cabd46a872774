export interface Piece {
  kind: "same" | "gone" | "new";
  text: string;
}

/** Words beyond which comparing each with each would be felt; then only the common start and end are found. */
const WORDS_COMPARED = 600;

/** What of `before` went and what of `after` is new, word by word; the pieces without "new" make up `before`, those without "gone" `after`. */
export function textDiff(before: string, after: string): readonly Piece[] {
  const old = words(before);
  const fresh = words(after);
  const start = commonStart(old, fresh);
  const end = commonStart(old.slice(start).reverse(), fresh.slice(start).reverse());
  const oldMiddle = old.slice(start, old.length - end);
  const freshMiddle = fresh.slice(start, fresh.length - end);
  const middle: Piece[] =
    oldMiddle.length > WORDS_COMPARED || freshMiddle.length > WORDS_COMPARED
      ? [
          { kind: "gone", text: oldMiddle.join("") },
          { kind: "new", text: freshMiddle.join("") },
        ]
      : compare(oldMiddle, freshMiddle);
  return joined([
    { kind: "same", text: old.slice(0, start).join("") },
    ...middle,
    { kind: "same", text: old.slice(old.length - end).join("") },
  ]);
}

function words(text: string): string[] {
  return text.match(/\s+|[^\s]+/g) ?? [];
}

function commonStart(one: readonly string[], other: readonly string[]): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1;
  return length;
}

/** The longest common subsequence, by the table of lengths of all pairs of ends. */
function compare(old: readonly string[], fresh: readonly string[]): Piece[] {
  const width = fresh.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = fresh.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        old[row] === fresh[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pieces: Piece[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length || column < fresh.length) {
    const gone = old[row];
    const added = fresh[column];
    if (gone !== undefined && gone === added) {
      pieces.push({ kind: "same", text: gone });
      row += 1;
      column += 1;
    } else if (gone !== undefined && (added === undefined || at(row + 1, column) >= at(row, column + 1))) {
      pieces.push({ kind: "gone", text: gone });
      row += 1;
    } else if (added !== undefined) {
      pieces.push({ kind: "new", text: added });
      column += 1;
    }
  }
  return pieces;
}

function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (piece.text === "") continue;
    if (last?.kind === piece.kind) last.text += piece.text;
    else result.push({ ...piece });
  }
  return result;
}
