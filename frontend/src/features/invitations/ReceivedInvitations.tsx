import { InvitationCard } from "./InvitationCard";
import { useReceived } from "./useReceived";

/** All that waits for this shop's answer; nothing where nothing waits. */
export function ReceivedInvitations() {
  const { invitations, reload } = useReceived();
  return invitations?.map((invitation) => (
    <InvitationCard key={invitation.id} invitation={invitation} onAnswered={reload} />
  ));
}
