import { useEffect, useRef } from "react";
import { useSubscription } from "urql";
import { JobLiveDocument, type JobRowFragment, JobsLiveDocument } from "~/graphql/generated/graphql";
import { useSocket } from "~/graphql/socket";
import { isActive } from "./jobState";

const POLL_MS = 3_000;
const BURST_MS = 700;
// When a page opens, the socket comes up while its first screen, just read, is being drawn.
const FIRST_MS = 1_500;
// A job that says nothing for so long may be gone: one that came by itself and had nothing to change leaves no trace.
const SILENCE_MS = 4_000;

/**
 * Calls `refresh` whenever the socket has come up, for what was missed before, and every few seconds while it is down and
 * `needed`: events are a hint, the server's answer is the truth.
 */
export function useCatchUp(refresh: () => void, needed = true): void {
  const { up, connections } = useSocket();
  const latest = useLatest(refresh);
  const seen = useRef(connections);

  useEffect(() => {
    const first = connections === 1;
    const missed = connections > seen.current;
    seen.current = connections;
    if (!missed) return;
    if (!first) {
      latest.current();
      return;
    }
    const timer = setTimeout(() => latest.current(), FIRST_MS);
    return () => clearTimeout(timer);
  }, [connections, latest]);

  useEffect(() => {
    if (up || !needed) return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") latest.current();
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [up, needed, latest]);
}

/**
 * Follows every job of the shop. The cache takes the new values by itself; `refresh` is called, at most once in a
 * burst, for what follows from them: a job that is not in `known` yet, or one that has just ended.
 */
export function useLiveJobs(
  known: readonly { id: string; state: JobRowFragment["state"] }[],
  refresh: () => void,
): void {
  const states = useRef(new Map<string, JobRowFragment["state"]>());
  for (const job of known) if (!states.current.has(job.id)) states.current.set(job.id, job.state);
  const burst = useBurst(refresh);

  const [{ data }] = useSubscription({ query: JobsLiveDocument });
  const job = data?.jobs;
  useEffect(() => {
    if (!job) return;
    const before = states.current.get(job.id);
    states.current.set(job.id, job.state);
    if (before === undefined || (isActive(before) && !isActive(job.state))) burst();
  }, [job, burst]);
  const active = known.some(({ state }) => isActive(state));
  useSilence(active, job, useLatest(burst));
  useCatchUp(refresh);
}

/**
 * Follows one job until it has ended; `refresh` reads it again where the socket does not deliver, and while nothing is
 * said of it: nobody may be there to work on it.
 */
export function useLiveJob(
  job: { id: string; state: JobRowFragment["state"] } | null,
  refresh: () => void,
): void {
  const active = job !== null && isActive(job.state);
  const [{ data }] = useSubscription({
    query: JobLiveDocument,
    variables: { jobId: job?.id ?? "" },
    pause: !active,
  });
  useSilence(active, data, useLatest(refresh));
  useCatchUp(refresh, active);
}

/** Calls `action` every few seconds in which nothing new is `heard`. */
function useSilence(active: boolean, heard: unknown, action: { readonly current: () => void }): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: every event ends the silence.
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => action.current(), SILENCE_MS);
    return () => clearInterval(timer);
  }, [active, heard, action]);
}

function useBurst(action: () => void): () => void {
  const latest = useLatest(action);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const call = useRef(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, BURST_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return call.current;
}

function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
