import type { SetupFactsQuery } from "~/graphql/generated/graphql";
import { STEPS, type Step } from "./steps";

/**
 * How far a person got, kept in the browser; that the set-up is over the server knows too, and what the shop has done it
 * alone.
 */
export type Reached = Step | "done" | null;

// Where the browser keeps nothing for a page in a frame, it is known until the page is closed.
const kept = new Map<string, string>();

export function reachedBy(shopId: string): Reached {
  const found = read(nameOf(shopId));
  const steps: readonly string[] = [...STEPS.MAIN, ...STEPS.DEPENDENT, "done"];
  return found !== null && steps.includes(found) ? (found as Reached) : null;
}

export function noteStep(shopId: string, step: Step): void {
  if (reachedBy(shopId) !== "done") write(nameOf(shopId), step);
}

/** Nobody is led to the set-up again in this browser; see useEndSetup. */
export function endSetup(shopId: string): void {
  write(nameOf(shopId), "done");
}

/**
 * Whether something is left of the set-up: a main has neither invited nor connected anybody, a dependent has no main or
 * has not chosen what to receive. Whoever was connected once knows the way.
 */
export function isUnfinished({ shop, connections, invitations }: SetupFactsQuery): boolean {
  const tie = connections.nodes[0];
  if (shop.role === "MAIN") return !tie && invitations.nodes.length === 0;
  return !tie || (tie.state !== "DISCONNECTED" && tie.syncSettings === null);
}

function nameOf(shopId: string): string {
  return `setup:${shopId}`;
}

function read(name: string): string | null {
  try {
    return window.localStorage.getItem(name);
  } catch {
    return kept.get(name) ?? null;
  }
}

function write(name: string, value: string): void {
  try {
    window.localStorage.setItem(name, value);
  } catch {
    kept.set(name, value);
  }
}
