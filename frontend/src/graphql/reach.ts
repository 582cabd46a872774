import { useSyncExternalStore } from "react";

/** How the latest request to the API ended: with an answer, with none, or with one that no session is good for. */
export type Reach = "answered" | "unreachable" | "session";

let latest: Reach = "answered";
const watchers = new Set<() => void>();

export function noteReach(reach: Reach): void {
  if (reach === latest) return;
  latest = reach;
  for (const watcher of watchers) watcher();
}

export function useReach(): Reach {
  return useSyncExternalStore(watch, () => latest);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
