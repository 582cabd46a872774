import { Button, InlineStack } from "@shopify/polaris";
import { ClipboardIcon } from "@shopify/polaris-icons";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import styles from "./CopyField.module.css";

/** A value to take elsewhere, with a button that copies it. */
export function CopyField({ value, label }: { value: string; label: string }) {
  const { t } = useTranslation();
  const text = useRef<HTMLElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      // A frame may lack the right to write the clipboard: the old way works there.
      if (text.current) window.getSelection()?.selectAllChildren(text.current);
      document.execCommand("copy");
    }
    toast(t("copied"));
  };
  return (
    <InlineStack gap="200" blockAlign="center">
      <code
        ref={text}
        className={styles.value}
        role="textbox"
        aria-readonly="true"
        aria-label={label}
        tabIndex={0}
      >
        {value}
      </code>
      <Button icon={ClipboardIcon} onClick={() => void copy()}>
        {t("copy")}
      </Button>
    </InlineStack>
  );
}
