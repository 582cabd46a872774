import type { DifferenceReason } from "~/graphql/generated/graphql";

const KEPT: ReadonlySet<DifferenceReason> = new Set(["HELD", "LOCAL_EDIT", "BRAKE", "REFUSED"]);

/** Whether a repair would write the value: what somebody keeps or has to decide stays, and so does what can't be written. */
export function repairable(reason: DifferenceReason): boolean {
  return !KEPT.has(reason);
}
