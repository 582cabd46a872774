import { type Exchange, mapExchange } from "urql";

/**
 * What is on the screen stays there when reading it again fails for lack of an answer: a notice says so, and it is read
 * again by itself. A request that must not be answered with old data says `keepShown: false` in its context.
 */
export function keepShown(): Exchange {
  const shown = new Map<number, unknown>();
  return mapExchange({
    onOperation(operation) {
      if (operation.kind === "teardown") shown.delete(operation.key);
    },
    onResult(result) {
      const { key, kind, context } = result.operation;
      if (kind !== "query") return;
      if (result.data) shown.set(key, result.data);
      else if (result.error?.networkError && shown.has(key) && context.keepShown !== false) {
        return { ...result, data: shown.get(key), error: undefined };
      }
    },
  });
}
