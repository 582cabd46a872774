import type { JobPhase, JobRowFragment, JobState } from "~/graphql/generated/graphql";

const ACTIVE: ReadonlySet<JobState> = new Set(["QUEUED", "RUNNING", "WAITING", "CANCELING"]);

export function isActive(state: JobState): boolean {
  return ACTIVE.has(state);
}

export const PHASES = ["REFRESH", "PLAN", "APPLY"] as const satisfies readonly JobPhase[];

/** The phases that a job goes through: previews and checks write nothing, what came by itself has been read before. */
export function phasesOf(kind: JobRowFragment["kind"]): readonly JobPhase[] {
  if (kind === "PREVIEW" || kind === "CHECK") return ["REFRESH", "PLAN"];
  return kind === "LIVE" ? ["PLAN", "APPLY"] : PHASES;
}

/** One line of a list: a job, and how many changes were applied by it and by those that stand behind it. */
export interface JobGroup {
  job: JobRowFragment;
  behind: readonly JobRowFragment[];
}

/**
 * Jobs in their order, those that came by themselves for one shop and went well as one: a busy shop has many, and they
 * would hide everything else.
 */
export function grouped(jobs: readonly JobRowFragment[]): readonly JobGroup[] {
  const groups: { job: JobRowFragment; behind: JobRowFragment[] }[] = [];
  const live = new Map<string, JobRowFragment[]>();
  for (const job of jobs) {
    const quiet = job.kind === "LIVE" && job.state === "SUCCEEDED" && job.counts.held === 0;
    const known = quiet ? live.get(job.connection.id) : undefined;
    if (known) {
      known.push(job);
      continue;
    }
    const behind: JobRowFragment[] = [];
    if (quiet) live.set(job.connection.id, behind);
    groups.push({ job, behind });
  }
  return groups;
}

const LATE_SECONDS = 5;

/**
 * Seconds that are left, null while nobody can say. The server estimates the present phase: only in the last one is
 * that the job's end. Of one that should have ended long ago nobody can: its worker may be gone.
 */
export function secondsLeft(
  job: Pick<JobRowFragment, "state" | "etaAt" | "kind" | "phase">,
  now: Date,
): number | null {
  if (job.state !== "RUNNING" || !job.etaAt || job.phase !== phasesOf(job.kind).at(-1)) return null;
  const left = (new Date(job.etaAt).getTime() - now.getTime()) / 1000;
  return left < -LATE_SECONDS ? null : Math.max(0, left);
}

/** A job starts within seconds, or has to wait for a worker. */
const USUAL_WAIT_MS = 15_000;
const DAY_MS = 86_400_000;

/** How a queued job waits: not worth a word yet, since a time of today, or since another day. */
export function waiting(
  job: Pick<JobRowFragment, "state" | "createdAt">,
  now: Date,
): "no" | "today" | "longer" {
  const waited = now.getTime() - new Date(job.createdAt).getTime();
  if (job.state !== "QUEUED" || waited < USUAL_WAIT_MS) return "no";
  return waited < DAY_MS ? "today" : "longer";
}

/** Seconds that a job took, or has taken so far; null before it starts. */
export function secondsTaken(
  job: Pick<JobRowFragment, "startedAt" | "finishedAt">,
  now: Date,
): number | null {
  if (!job.startedAt) return null;
  const end = job.finishedAt ? new Date(job.finishedAt) : now;
  return Math.max(0, (end.getTime() - new Date(job.startedAt).getTime()) / 1000);
}

export type Outcome = "planned" | "held" | "applied" | "failed" | "skipped" | "undone" | "rejected";

const OUTCOMES: readonly Outcome[] = [
  "applied",
  "planned",
  "held",
  "failed",
  "skipped",
  "undone",
  "rejected",
];

/** The outcomes that occurred, in the order in which people ask for them. */
export function outcomesOf(counts: JobRowFragment["counts"]): readonly { outcome: Outcome; count: number }[] {
  return OUTCOMES.map((outcome) => ({ outcome, count: counts[outcome] })).filter(({ count }) => count > 0);
}
