import type { Role } from "~/graphql/generated/graphql";

export type Step = "invitation" | "role" | "key" | "invite" | "connect" | "sync";

interface Standing {
  role: Role | null;
  connected: boolean;
  /** Invitations that wait for an answer. */
  waiting: number;
}

/** The way of each role, as it is shown at the top. */
export const STEPS: Record<Role, readonly Step[]> = {
  MAIN: ["role", "key", "invite"],
  DEPENDENT: ["role", "connect", "sync"],
};

/**
 * Where somebody stands in the set-up who asks for the step `wanted` (the end of the address): the server knows the role
 * and the connection, so that a reload, another window or an old address lead to the right place.
 */
export function stepOf({ role, connected, waiting }: Standing, wanted: string): Step {
  if (role === null) return waiting > 0 && wanted !== "role" ? "invitation" : "role";
  if (role === "DEPENDENT" && connected) return "sync";
  if (wanted === "role") return "role";
  if (role === "DEPENDENT") return "connect";
  return wanted === "invite" ? "invite" : "key";
}
