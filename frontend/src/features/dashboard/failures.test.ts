import { expect, it } from "vitest";
import { standing } from "~/dev/standing";
import type { JobState } from "~/graphql/generated/graphql";
import { failuresOf } from "./failures";

const now = new Date("2026-11-30T12:00:00Z");
const job = (id: string, state: JobState, hours = 1) => ({
  id,
  state,
  createdAt: new Date(now.getTime() - hours * 3_600_000).toISOString(),
  connection: { id: "near" },
});
const found = (jobs: ReturnType<typeof job>[], lastJob: { kind: "LIVE"; state: JobState } | null = null) =>
  failuresOf(
    [standing("near", { lastJob: lastJob && { id: "live", counts: { held: 0 }, ...lastJob } })],
    jobs,
    now,
  ).map(({ jobId, partly }) => [jobId, partly]);

it("finds what failed, wholly or in part", () => {
  expect(found([job("new", "FAILED")])).toEqual([["new", false]]);
  expect(found([job("new", "PARTIAL")])).toEqual([["new", true]]);
});

it("takes a failure as made good once something newer worked out or is under way", () => {
  expect(found([job("new", "SUCCEEDED"), job("old", "FAILED", 2)])).toEqual([]);
  expect(found([job("new", "RUNNING"), job("old", "FAILED", 2)])).toEqual([]);
  expect(found([])).toEqual([]);
});

it("does not take a live change that worked out as making it good, and says of one that failed", () => {
  expect(found([job("old", "FAILED")], { kind: "LIVE", state: "SUCCEEDED" })).toEqual([["old", false]]);
  expect(found([job("old", "SUCCEEDED")], { kind: "LIVE", state: "PARTIAL" })).toEqual([["live", true]]);
});

it("forgets after a week", () => {
  expect(found([job("old", "FAILED", 24 * 8)])).toEqual([]);
});
