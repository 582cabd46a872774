import { useQuery } from "urql";
import { InvitationsDocument, type InvitationsQuery } from "~/graphql/generated/graphql";
import { useWhileVisible } from "./useWhileVisible";

export type ReceivedInvitation = InvitationsQuery["invitations"]["edges"][number]["node"];

// Whoever has more answers these first: the next ones follow.
const FIRST = 5;

/** The invitations that wait for this shop's answer, last sent first; undefined until they were read. */
export function useReceived({ pause = false } = {}): {
  invitations: readonly ReceivedInvitation[] | undefined;
  failed: boolean;
  reload: () => void;
} {
  const [{ data, error }, execute] = useQuery({
    query: InvitationsDocument,
    variables: { first: FIRST, filter: { direction: "RECEIVED", states: ["PENDING"] } },
    requestPolicy: "cache-and-network",
    pause,
  });
  const reload = (): void => {
    if (!pause) execute({ requestPolicy: "network-only" });
  };
  useWhileVisible(reload);
  return {
    invitations: data?.invitations.edges.map(({ node }) => node),
    failed: error !== undefined,
    reload,
  };
}
