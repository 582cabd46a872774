import type { CombinedError } from "urql";
import type { ErrorCode } from "./generated/graphql";

/** Why a request as a whole failed, by what the person can do about it. */
export type Failure =
  | { kind: "offline" }
  | { kind: "session" }
  | { kind: "unavailable" }
  | { kind: "internal"; id: string | null }
  | { kind: "coded"; code: ErrorCode };

export function failureOf(error: CombinedError): Failure {
  if (error.networkError?.name === "SessionEndedError") return { kind: "session" };
  const status = (error.response as Response | undefined)?.status;
  if (status === 401) return { kind: "session" };
  const [first] = error.graphQLErrors;
  if (first) {
    const { code, id, errorId } = first.extensions as { code?: string; id?: string; errorId?: string };
    if (code === "UNAUTHENTICATED" || code === "SESSION_EXPIRED") return { kind: "session" };
    if (code && code !== "INTERNAL") return { kind: "coded", code: code as ErrorCode };
    return { kind: "internal", id: id ?? errorId ?? null };
  }
  if (status !== undefined && status >= 500) return { kind: "unavailable" };
  if (status !== undefined && status >= 400) return { kind: "internal", id: null };
  return { kind: "offline" };
}
