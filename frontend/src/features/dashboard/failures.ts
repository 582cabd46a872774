import type { AskedJobsQuery, AskedJobsQueryVariables, StandingFragment } from "~/graphql/generated/graphql";

type AskedJob = AskedJobsQuery["jobs"]["nodes"][number];

/**
 * The newest of what was asked for, in every state, to tell which failures nobody has made good since. What comes by
 * itself tries again by itself.
 */
export const ASKED_JOBS: AskedJobsQueryVariables = {
  first: 100,
  filter: { kinds: ["SYNC_ALL", "RETRY", "RESOLVE", "CONFIRM", "UNDO", "REPAIR"] },
};

const FRESH_MS = 7 * 86_400_000;

export interface Failure {
  connection: StandingFragment;
  jobId: string;
  /** Some of it was done. */
  partly: boolean;
}

/** The connections whose latest work did not work out, each with the job; a failure of last week is history. */
export function failuresOf(
  connections: readonly StandingFragment[],
  newestFirst: readonly AskedJob[],
  now: Date,
): readonly Failure[] {
  return connections.flatMap((connection) => {
    const asked = newestFirst.find((job) => job.connection.id === connection.id);
    const fresh = asked && now.getTime() - new Date(asked.createdAt).getTime() < FRESH_MS;
    const last = connection.lastJob?.kind === "LIVE" ? connection.lastJob : undefined;
    const failed = [last, fresh ? asked : undefined].find(
      (job) => job && (job.state === "FAILED" || job.state === "PARTIAL"),
    );
    return failed ? [{ connection, jobId: failed.id, partly: failed.state === "PARTIAL" }] : [];
  });
}
