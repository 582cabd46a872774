import { GraphQLError } from "graphql";
import { CombinedError } from "urql";
import { expect, it } from "vitest";
import { failureOf } from "./failure";
import { SessionEndedError } from "./session";

const coded = (extensions: Record<string, unknown>) =>
  new CombinedError({ graphQLErrors: [new GraphQLError("no", { extensions })] });

it.each([
  ["no answer", new CombinedError({ networkError: new TypeError("fetch failed") }), { kind: "offline" }],
  [
    "401",
    new CombinedError({ networkError: new Error("401"), response: { status: 401 } }),
    { kind: "session" },
  ],
  [
    "502",
    new CombinedError({ networkError: new Error("502"), response: { status: 502 } }),
    { kind: "unavailable" },
  ],
  [
    "413",
    new CombinedError({ networkError: new Error("413"), response: { status: 413 } }),
    { kind: "internal", id: null },
  ],
  ["a masked error", coded({ code: "INTERNAL", id: "e-1" }), { kind: "internal", id: "e-1" }],
  ["an error without code", coded({}), { kind: "internal", id: null }],
  [
    "no session token",
    new CombinedError({ networkError: new SessionEndedError("no session token") }),
    { kind: "session" },
  ],
  ["a session over", coded({ code: "SESSION_EXPIRED" }), { kind: "session" }],
  ["a session gone", coded({ code: "UNAUTHENTICATED" }), { kind: "session" }],
  ["a coded error", coded({ code: "INVALID_ID" }), { kind: "coded", code: "INVALID_ID" }],
])("tells %s apart", (_name, error, failure) => {
  expect(failureOf(error)).toEqual(failure);
});
