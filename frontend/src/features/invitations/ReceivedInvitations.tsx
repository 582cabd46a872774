import type { ReactNode } from "react";
import { CardSkeleton } from "~/components/PageSkeleton";
import { InvitationCard } from "./InvitationCard";
import { useWaiting } from "./useWaiting";

/** What waits for this shop's answer, above the other ways to connect it; these wait too, so that nothing jumps. */
export function ReceivedInvitations({ children }: { children: ReactNode }) {
  const { invitations, settled, reload } = useWaiting("RECEIVED");
  if (!settled) return <CardSkeleton lines={5} />;
  return (
    <>
      {invitations.map((invitation) => (
        <InvitationCard key={invitation.id} invitation={invitation} onAnswered={reload} />
      ))}
      {children}
    </>
  );
}
