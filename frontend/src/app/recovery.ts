import { useEffect, useRef, useSyncExternalStore } from "react";
import { useClient } from "urql";
import { SelfDocument } from "~/graphql/generated/graphql";
import { useReach } from "~/graphql/reach";

const AGAIN_MS = 5_000;

/** What keeps the page from the server, null when nothing does. */
export type Trouble = "offline" | "unreachable" | "session" | null;

export function useTrouble(): Trouble {
  const online = useSyncExternalStore(watchNetwork, () => navigator.onLine);
  const reach = useReach();
  if (!online) return "offline";
  return reach === "answered" ? null : reach;
}

/** Asks again every few seconds while there is trouble that asking may find to be over. */
export function useRecovery(): void {
  const client = useClient();
  const trouble = useTrouble();
  useEffect(() => {
    if (trouble === null || trouble === "offline") return;
    const ask = (): void => {
      void client.query(SelfDocument, {}, { requestPolicy: "network-only" }).toPromise();
    };
    ask();
    const timer = setInterval(ask, AGAIN_MS);
    return () => clearInterval(timer);
  }, [client, trouble]);
}

/** Calls `retry` once the trouble is over, for what could not be read meanwhile. */
export function useOnceOver(retry: () => void): void {
  const trouble = useTrouble();
  const before = useRef(trouble);
  const latest = useRef(retry);
  useEffect(() => {
    latest.current = retry;
  });
  useEffect(() => {
    if (before.current !== null && trouble === null) latest.current();
    before.current = trouble;
  }, [trouble]);
}

function watchNetwork(watcher: () => void): () => void {
  window.addEventListener("online", watcher);
  window.addEventListener("offline", watcher);
  return () => {
    window.removeEventListener("online", watcher);
    window.removeEventListener("offline", watcher);
  };
}
