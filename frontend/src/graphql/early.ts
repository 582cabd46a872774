import { type Exchange, makeOperation, mapExchange, type OperationContext } from "urql";

const FRESH_MS = 5_000;

/** For what is asked before anything is there to show it. */
export const EARLY: Partial<OperationContext> = { requestPolicy: "network-only", early: true };

/** Whoever wants within seconds what was asked early gets that answer, and does not ask once more. */
export function askedEarly(): Exchange {
  const asked = new Map<number, number>();
  return mapExchange({
    onOperation(operation) {
      const { key, kind, context } = operation;
      if (kind !== "query") return;
      if (context.early) {
        asked.set(key, Date.now());
        return;
      }
      const at = asked.get(key) ?? 0;
      asked.delete(key);
      if (Date.now() - at < FRESH_MS && context.requestPolicy === "cache-and-network") {
        return makeOperation(kind, operation, { ...context, requestPolicy: "cache-first" });
      }
    },
  });
}
