import { useEffect, useRef } from "react";

/** Calls `action` every `everyMs` while the page is looked at, and at once when somebody returns to it. */
export function useWhileVisible(action: () => void, everyMs = 15_000): void {
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === "visible") latest.current();
    };
    const timer = setInterval(look, everyMs);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [everyMs]);
}
