import { useEffect, useState } from "react";
import { useClient } from "urql";
import { useWhileVisible } from "~/features/invitations/useWhileVisible";
import { StandstillDocument } from "~/graphql/generated/graphql";

const EVERY_MS = 10_000;

/**
 * Since when work has waited because no worker runs, jobs or not; null while one does. It is asked for, since nobody is
 * there to tell, and believed when it was said twice: between two slices of work nobody is at it for a moment.
 */
export function useUnattended(): Date | null {
  const client = useClient();
  const [[last, before], setTold] = useState<readonly (string | null)[]>([null, null]);
  const ask = async (): Promise<void> => {
    const options = { requestPolicy: "network-only", keepShown: false } as const;
    const { data } = await client.query(StandstillDocument, {}, options).toPromise();
    if (data) setTold(([latest = null]) => [data.unattendedSince, latest]);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, then every few seconds
  useEffect(() => void ask(), []);
  useWhileVisible(() => void ask(), EVERY_MS);
  return last && before ? new Date(last) : null;
}
