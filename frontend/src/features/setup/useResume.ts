import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { useQuery } from "urql";
import { useSelf } from "~/app/self";
import { SetupFactsDocument } from "~/graphql/generated/graphql";
import { isUnfinished, reachedBy } from "./progress";
import { useEndSetup } from "./useEndSetup";

/**
 * Where the set-up goes on for somebody who has left it and opens the app again; null where nothing is left of it, undefined
 * until that is known. Going to the dashboard by oneself is no opening.
 */
export function useResume(): string | null | undefined {
  const { shop } = useSelf();
  const { pathname } = useLocation();
  const [opening, setOpening] = useState(shop.role !== null && pathname === "/");
  const reached = reachedBy(shop.id);
  const asks = opening && reached !== "done" && shop.onboardedAt === null;
  const end = useEndSetup();
  const [{ data, error }] = useQuery({ query: SetupFactsDocument, pause: !asks });
  const unfinished = data && isUnfinished(data);

  useEffect(() => {
    if (pathname !== "/") setOpening(false);
  }, [pathname]);
  useEffect(() => {
    if (unfinished === false) end();
  }, [unfinished, end]);

  if (!asks || error) return null;
  if (unfinished === undefined) return undefined;
  return unfinished ? `/setup/${reached ?? ""}` : null;
}
