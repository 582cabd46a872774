import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { AppBridge } from "~/app/appBridge";
import { noteReach, useReach } from "./reach";
import { fetchWithSession, SessionEndedError } from "./session";

const RETRY = { headers: { "X-Shopify-Retry-Invalid-Session-Request": "1" } };
const reach = () => renderHook(() => useReach()).result.current;
let sent: string[] = [];

function serving(...answers: (Response | Error)[]): void {
  const left = [...answers];
  sent = [];
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    sent.push(new Headers(init.headers).get("Authorization") ?? "");
    const next = left.shift() ?? new Error("too many requests");
    if (next instanceof Error) throw next;
    return next;
  });
}

function signedIn(...tokens: (string | Error | null)[]): void {
  const left = [...tokens];
  const idToken = (): Promise<string> => {
    const next = left.shift();
    if (next === null) return new Promise(() => undefined);
    return next instanceof Error || next === undefined
      ? Promise.reject(next ?? new Error("no token"))
      : Promise.resolve(next);
  };
  window.shopify = { idToken } as AppBridge;
}

beforeEach(() => noteReach("answered"));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  delete window.shopify;
});

it("takes a fresh token for every request, and one more where the server no longer took it", async () => {
  signedIn("one", "two", "three");
  serving(new Response("{}", { status: 401, ...RETRY }), new Response("{}"), new Response("{}"));
  expect((await fetchWithSession("/graphql")).status).toBe(200);
  expect((await fetchWithSession("/graphql")).status).toBe(200);
  expect(sent).toEqual(["Bearer one", "Bearer two", "Bearer three"]);
  expect(reach()).toBe("answered");
});

it("asks no third time: the session has ended, until an answer says otherwise", async () => {
  signedIn("one", "two", "three");
  serving(
    new Response("{}", { status: 401, ...RETRY }),
    new Response("{}", { status: 401, ...RETRY }),
    new Response("{}"),
  );
  expect((await fetchWithSession("/graphql")).status).toBe(401);
  expect(reach()).toBe("session");
  await fetchWithSession("/graphql");
  expect(reach()).toBe("answered");
});

it("takes a silent or refusing App Bridge for an ended session", async () => {
  serving();
  signedIn(new Error("no"));
  await expect(fetchWithSession("/graphql")).rejects.toThrow(SessionEndedError);
  expect(reach()).toBe("session");
  vi.useFakeTimers();
  signedIn(null);
  const asked = expect(fetchWithSession("/graphql")).rejects.toThrow(SessionEndedError);
  await vi.advanceTimersByTimeAsync(10_000);
  await asked;
  expect(sent).toEqual([]);
});

it("blames the network, not the session, while there is none", async () => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  signedIn(new Error("no"));
  await expect(fetchWithSession("/graphql")).rejects.toThrow(TypeError);
  expect(reach()).toBe("unreachable");
});

it.each([
  ["no answer", new TypeError("fetch failed"), "unreachable"],
  ["a broken server", new Response("", { status: 502 }), "unreachable"],
  ["an answer that is no", new Response("", { status: 413 }), "answered"],
])("notes %s", async (_name, answer, expected) => {
  signedIn("one");
  serving(answer);
  await fetchWithSession("/graphql").catch(() => undefined);
  expect(reach()).toBe(expected);
});

it("does not blame the server for a request that the page called off", async () => {
  signedIn("one");
  serving(new DOMException("called off", "AbortError"));
  await fetchWithSession("/graphql", { signal: AbortSignal.abort() }).catch(() => undefined);
  expect(reach()).toBe("answered");
});
