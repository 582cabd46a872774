import { lazy, Suspense } from "react";
import { useParams } from "react-router";
import { useSelf } from "~/app/self";
import { PageSkeleton } from "~/components/PageSkeleton";
import { useWaiting } from "~/features/invitations/useWaiting";
import { ChooseRole } from "./ChooseRole";
import { ConnectStep } from "./ConnectStep";
import { InvitationStep } from "./InvitationStep";
import { InviteStep } from "./InviteStep";
import { KeyStep } from "./KeyStep";
import { stepOf } from "./steps";

const SyncStep = lazy(() => import("./SyncStep"));

/** First open, step by step; it can be left and taken up again, because the server knows how far it is. */
export default function Setup() {
  const { "*": wanted = "" } = useParams();
  const { shop } = useSelf();
  const connection = shop.connection?.state === "DISCONNECTED" ? null : shop.connection;
  const asked = shop.role !== "MAIN" && connection === null;
  const { invitations, settled, reload } = useWaiting("RECEIVED", { pause: !asked });

  // Who is asked for the role first and shown an invitation a moment later has been asked the wrong question.
  if (asked && !settled) return <PageSkeleton cards={1} />;
  const step = stepOf(
    { role: shop.role, connected: connection !== null, waiting: invitations.length },
    wanted,
  );
  switch (step) {
    case "invitation":
      return <InvitationStep invitations={invitations} onAnswered={reload} />;
    case "role":
      return <ChooseRole />;
    case "key":
      return <KeyStep />;
    case "invite":
      return <InviteStep />;
    case "connect":
      return <ConnectStep invitations={invitations} onAnswered={reload} />;
    case "sync":
      return (
        <Suspense fallback={<PageSkeleton cards={3} />}>
          {connection && <SyncStep connectionId={connection.id} />}
        </Suspense>
      );
  }
}
