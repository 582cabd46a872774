import { Button } from "@shopify/polaris";
import { ClipboardIcon } from "@shopify/polaris-icons";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import styles from "./CopyField.module.css";

/** A value to take elsewhere, with a button that copies it. */
export function CopyField({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      // A frame may lack the right to write the clipboard: the old way works there.
      field.current?.select();
      document.execCommand("copy");
    }
    toast(t("copied"));
  };
  return (
    <div className={styles.field}>
      <input
        ref={field}
        className={styles.value}
        aria-label={label}
        value={value}
        readOnly
        onFocus={(event) => event.target.select()}
      />
      <Button icon={ClipboardIcon} onClick={() => void copy()}>
        {t("copy")}
      </Button>
    </div>
  );
}
