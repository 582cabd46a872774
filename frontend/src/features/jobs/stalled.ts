import { useEffect, useState } from "react";
import { useNow } from "~/components/useNow";
import type { JobRowFragment } from "~/graphql/generated/graphql";

type Watched = Pick<JobRowFragment, "id" | "state" | "unattended" | "createdAt">;

/** Between two slices of work nobody is at a job for a moment, and in a long queue for longer. */
const PATIENCE_MS = 20_000;
/** All that is under way has stood so long: no worker is there. */
const NOBODY_MS = 60_000;

/**
 * Since when nobody has been at each of these jobs, as far as this page has seen; those that somebody works on are absent.
 * A queued one has waited since it was made.
 */
function useLeft(jobs: readonly Watched[]): ReadonlyMap<string, number> {
  const [left, setLeft] = useState<ReadonlyMap<string, number>>(new Map());
  const alone = jobs.filter(({ unattended }) => unattended);
  const known = alone.map(({ id, state }) => `${id} ${state}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `known` says which jobs they are
  useEffect(() => {
    setLeft((before) => new Map(alone.map((job) => [job.id, since(job, before.get(job.id))])));
  }, [known]);
  return left;
}

function since({ state, createdAt }: Watched, before: number | undefined): number {
  return before ?? (state === "QUEUED" ? new Date(createdAt).getTime() : Date.now());
}

/** Since when nobody has worked on the job, once that is worth a word; null before. */
export function useStalled(job: Watched): Date | null {
  const left = useLeft([job]).get(job.id);
  const now = useNow(job.unattended ? 1_000 : null);
  return left !== undefined && job.unattended && now.getTime() - left > PATIENCE_MS ? new Date(left) : null;
}

export interface Standstill {
  since: Date;
  count: number;
}

/** That no worker is there: jobs wait for one, and none of those on the screen is worked on. Null where one is. */
export function useStandstill(jobs: readonly Watched[]): Standstill | null {
  const waiting = jobs.filter(({ unattended }) => unattended);
  const attended = jobs.some(
    ({ state, unattended }) => (state === "RUNNING" || state === "CANCELING") && !unattended,
  );
  const left = useLeft(waiting);
  const now = useNow(waiting.length > 0 ? 5_000 : null);
  const long = waiting.flatMap(({ id }) => {
    const from = left.get(id);
    return from !== undefined && now.getTime() - from > NOBODY_MS ? [from] : [];
  });
  if (attended || long.length === 0) return null;
  return { since: new Date(Math.min(...long)), count: waiting.length };
}
