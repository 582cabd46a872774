import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLeaveGuard } from "./useLeaveGuard";

const ID = "settings-save-bar";

/**
 * Shopify's own bar at the top of the admin, as long as there are changes. The admin asks before its own menu leads
 * away; a link of this page and the way back ask the same question.
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
