import { useQuery } from "urql";
import {
  type InvitationDirection,
  InvitationsDocument,
  type InvitationsQuery,
  type InvitationsQueryVariables,
} from "~/graphql/generated/graphql";
import { useWhileVisible } from "./useWhileVisible";

export type WaitingInvitation = InvitationsQuery["invitations"]["edges"][number]["node"];

export interface Waiting {
  /** The last sent ones; the others follow when these are answered. */
  invitations: readonly WaitingInvitation[];
  total: number;
  /** Whether they were read, or can't be. */
  settled: boolean;
  reload: () => void;
}

export function waitingFor(direction: InvitationDirection): InvitationsQueryVariables {
  return { first: 5, filter: { direction, states: ["PENDING"] } };
}

/** Invitations that wait for an answer: this shop's own answer, or others' to what it has sent. */
export function useWaiting(direction: InvitationDirection, { pause = false } = {}): Waiting {
  const [{ data, error }, execute] = useQuery({
    query: InvitationsDocument,
    variables: waitingFor(direction),
    requestPolicy: "cache-and-network",
    pause,
  });
  const reload = (): void => {
    if (!pause) execute({ requestPolicy: "network-only" });
  };
  useWhileVisible(reload);
  return {
    invitations: data?.invitations.edges.map(({ node }) => node) ?? [],
    total: data?.invitations.totalCount ?? 0,
    settled: data !== undefined || error !== undefined,
    reload,
  };
}
