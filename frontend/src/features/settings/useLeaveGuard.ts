import { useEffect } from "react";
import { useNavigate } from "react-router";

const MARK = "leaveGuard";

/** Asks before a form with changes is left, by a link of the page or by the browser's way back. */
export function useLeaveGuard(dirty: boolean): void {
  useLinkGuard(dirty);
  useBackGuard(dirty);
}

/**
 * The way back can't be stopped, only noticed. So a form with changes has two entries in the history: the way back leads
 * from the second to the first, where the form still is and the question is asked.
 */
function useBackGuard(dirty: boolean): void {
  useEffect(() => {
    if (!window.shopify) return;
    if (dirty && !isSecond()) addSecond();
    if (!isSecond()) return;
    const place = placeOf();
    let left = false;
    const back = (): void => {
      if (isSecond() || placeOf() !== place) return;
      const on = (): void => {
        if (!left) window.history.back();
      };
      // With nothing to lose, the first entry is only passed through.
      if (dirty) confirmLeaving().then(on, addSecond);
      else on();
    };
    window.addEventListener("popstate", back);
    return () => {
      left = true;
      window.removeEventListener("popstate", back);
    };
  }, [dirty]);
}

function useLinkGuard(dirty: boolean): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest("a[href^='/']") : null;
      const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      // A link of Shopify's menu is asked about by the admin.
      if (!link || !plain || !window.shopify || link.closest("ui-nav-menu")) return;
      event.preventDefault();
      event.stopPropagation();
      const path = link.getAttribute("href") ?? "/";
      confirmLeaving().then(
        () => navigate(path, { replace: isSecond() }),
        () => undefined,
      );
    };
    document.addEventListener("click", ask, true);
    return () => document.removeEventListener("click", ask, true);
  }, [dirty, navigate]);
}

/** Shopify's own question; rejects where the person stays. */
function confirmLeaving(): Promise<void> {
  return window.shopify?.saveBar.leaveConfirmation() ?? Promise.resolve();
}

function isSecond(): boolean {
  return window.history.state?.[MARK] === true;
}

/** The router's number of the present entry: both entries of the form have the same. */
function placeOf(): unknown {
  return window.history.state?.idx;
}

function addSecond(): void {
  window.history.pushState({ ...window.history.state, [MARK]: true }, "");
}
