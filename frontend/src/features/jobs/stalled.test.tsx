import { act, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { stage } from "~/dev/stage";
import { shopCalled } from "~/dev/standing";
import type { JobRowFragment } from "~/graphql/generated/graphql";
import { startLanguage } from "~/i18n/start";
import { JobProgress } from "./JobProgress";
import { StandstillBanner } from "./StandstillBanner";

const NOW = new Date("2026-11-30T10:30:00");

beforeAll(() => startLanguage("en"));
beforeEach(() => vi.useFakeTimers({ now: NOW }));
afterEach(() => vi.useRealTimers());

const counts = { planned: 3, held: 0, applied: 0, failed: 0, skipped: 0, undone: 0, rejected: 0, total: 3 };

function job(id: string, part: Partial<JobRowFragment> = {}): JobRowFragment {
  return {
    id,
    runId: "r",
    kind: "SYNC_ALL",
    trigger: "MANUAL",
    state: "RUNNING",
    phase: "APPLY",
    createdAt: NOW.toISOString(),
    startedAt: NOW.toISOString(),
    finishedAt: null,
    etaAt: null,
    unattended: false,
    progress: { done: 1, total: 3, fraction: 0.3 },
    counts,
    strategy: "",
    estimatePoints: null,
    estimateSeconds: null,
    points: 0,
    calls: 0,
    error: null,
    actions: [],
    connection: { id: "c", main: shopCalled("main"), dependent: shopCalled("near") },
    ...part,
  };
}

const pass = (seconds: number) => act(() => vi.advanceTimersByTime(seconds * 1_000));

/** A part that is shown new rows as they are read. */
function follow(show: (jobs: JobRowFragment[]) => React.ReactNode, first: JobRowFragment[]) {
  let put: (jobs: JobRowFragment[]) => void = () => undefined;
  function Following() {
    const [jobs, setJobs] = useState(first);
    put = setJobs;
    return show(jobs);
  }
  stage(<Following />);
  return (...jobs: JobRowFragment[]) => act(() => put(jobs));
}

it("says since when nobody has worked on a running job, and goes on when somebody does", () => {
  const read = follow(([one]) => one && <JobProgress job={one} />, [job("a")]);
  expect(screen.queryByText(/On hold since/)).toBeNull();
  read(job("a", { unattended: true }));
  pass(15);
  expect(screen.queryByText(/On hold since/)).toBeNull();
  read(job("a", { unattended: true, points: 1 }));
  pass(10);
  expect(screen.getByText(/On hold since 10:30/)).toBeTruthy();
  read(job("a"));
  expect(screen.queryByText(/On hold since/)).toBeNull();
});

it("takes no moment between two slices of work for a standstill", () => {
  const read = follow(([one]) => one && <JobProgress job={one} />, [job("a")]);
  for (let slice = 0; slice < 5; slice++) {
    read(job("a", { unattended: true }));
    pass(10);
    read(job("a"));
    pass(10);
    expect(screen.queryByText(/On hold since/)).toBeNull();
  }
});

it("says that background work stands still once nothing on the screen is worked on for a minute", () => {
  const stands = () => screen.queryByText("Jobs are on hold");
  const two = [job("a", { unattended: true }), job("b", { unattended: true, state: "QUEUED" })];
  const read = follow((jobs) => <StandstillBanner jobs={jobs} />, two);
  pass(50);
  expect(stands()).toBeNull();
  pass(20);
  expect(stands()).toBeTruthy();
  expect(screen.getByText(/2 jobs have been on hold since 10:30/)).toBeTruthy();
  // One of them is worked on: the other waits for its turn.
  read(job("a"), job("b", { unattended: true, state: "QUEUED" }));
  expect(stands()).toBeNull();
});

it("says that other work waits where no job does", () => {
  stage(<StandstillBanner jobs={[]} since={new Date("2026-11-30T10:20:00")} />);
  expect(screen.getByText("Syncing is on hold")).toBeTruthy();
  expect(screen.getByText(/Changes have been waiting since 10:20/)).toBeTruthy();
});

it("knows of a queued job since when it waits, also right after a reload", () => {
  const createdAt = new Date(NOW.getTime() - 5 * 60_000).toISOString();
  stage(<StandstillBanner jobs={[job("a", { unattended: true, state: "QUEUED", createdAt })]} />);
  expect(screen.getByText(/1 job has been on hold since 10:25/)).toBeTruthy();
});
