import type { Client, Sink } from "graphql-ws";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { forwardTo } from "./socket";

const opened: Sink[] = [];
const client = {
  subscribe: (_payload: unknown, sink: Sink) => {
    opened.push(sink);
    return () => undefined;
  },
} as unknown as Client;

function follow() {
  const seen: unknown[] = [];
  const { unsubscribe } = forwardTo(client)(
    { query: "subscription { jobs { id } }" } as never,
    {} as never,
  ).subscribe({
    next: (value) => seen.push(value),
    error: () => seen.push("error"),
    complete: () => seen.push("end"),
  });
  return { seen, unsubscribe };
}

const closed = { code: 4401, reason: "SESSION_EXPIRED" };

beforeEach(() => {
  vi.useFakeTimers();
  opened.length = 0;
});
afterEach(() => vi.useRealTimers());

it("takes a subscription up again whenever its socket closes, with pauses that grow", async () => {
  const page = follow();
  const pauses: number[] = [];
  for (let round = 1; round <= 8; round += 1) {
    opened.at(-1)?.error(closed);
    const before = Date.now();
    while (opened.length === round) await vi.advanceTimersByTimeAsync(10);
    pauses.push(Date.now() - before);
  }
  expect(pauses[0]).toBeLessThan(400);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(12_510);
  expect(Math.min(...pauses.slice(-2))).toBeGreaterThanOrEqual(7_500);
  opened.at(-1)?.next({ data: { jobs: { id: "1" } } });
  expect(page.seen).toEqual([{ data: { jobs: { id: "1" } } }]);
  page.unsubscribe();
});

it("does not wait any longer once the network is back", async () => {
  const page = follow();
  for (let round = 1; round <= 6; round += 1) {
    opened.at(-1)?.error(closed);
    if (round < 6) while (opened.length === round) await vi.advanceTimersByTimeAsync(100);
  }
  expect(opened.length).toBe(6);
  window.dispatchEvent(new Event("online"));
  expect(opened.length).toBe(7);
  // One that is open already is left alone, and nothing comes after the end.
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(opened.length).toBe(7);
  page.unsubscribe();
  opened.at(-1)?.error(closed);
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(opened.length).toBe(7);
});

it("hands on what the server refuses", () => {
  const page = follow();
  opened[0]?.error([]);
  expect(page.seen).toEqual(["error"]);
});
