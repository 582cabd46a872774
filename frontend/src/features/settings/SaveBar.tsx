import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

const ID = "settings-save-bar";

/**
 * Shopify's own bar at the top of the admin, as long as there are changes. The admin asks before its own menu leads
 * away; a link of this page asks the same question.
 */
export function SaveBar({
  dirty,
  valid,
  onSave,
  onDiscard,
}: {
  dirty: boolean;
  valid: boolean;
  onSave: () => void;
  onDiscard: () => void;
}) {
  const { t } = useTranslation();
  useShown(dirty);
  useLeaveGuard(dirty);
  return (
    <ui-save-bar id={ID}>
      <button type="button" variant="primary" disabled={!valid} onClick={onSave}>
        {t("settings.save")}
      </button>
      <button type="button" onClick={onDiscard}>
        {t("settings.discard")}
      </button>
    </ui-save-bar>
  );
}

function useShown(shown: boolean): void {
  useEffect(() => {
    const bar = window.shopify?.saveBar;
    if (!bar || !document.getElementById(ID)) return;
    void (shown ? bar.show(ID) : bar.hide(ID));
    return () => void bar.hide(ID);
  }, [shown]);
}

function useLeaveGuard(dirty: boolean): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest("a[href^='/']") : null;
      const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      const bar = window.shopify?.saveBar;
      // A link of Shopify's menu is asked about by the admin.
      if (!link || !plain || !bar || link.closest("ui-nav-menu")) return;
      event.preventDefault();
      event.stopPropagation();
      const path = link.getAttribute("href") ?? "/";
      bar.leaveConfirmation().then(
        () => navigate(path),
        () => undefined,
      );
    };
    document.addEventListener("click", ask, true);
    return () => document.removeEventListener("click", ask, true);
  }, [dirty, navigate]);
}
