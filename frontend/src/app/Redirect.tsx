import { Navigate } from "react-router";
import { PageSkeleton } from "~/components/PageSkeleton";

/** Leads on to another address; the shape of a screen stands here until that one is loaded. */
export function Redirect({ to }: { to: string }) {
  return (
    <>
      <PageSkeleton />
      <Navigate to={to} replace />
    </>
  );
}
