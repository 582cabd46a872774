import { BlockStack, Modal } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FailuresFragment } from "~/graphql/generated/graphql";
import { Sentence } from "./Sentence";
import { UserErrors } from "./UserErrors";

/** A dialog that does one thing, or nothing when it is closed; `action` names the deed, never just "OK". */
export function Dialog({
  title,
  action,
  destructive = false,
  disabled = false,
  running = false,
  errors = [],
  footer,
  onAction,
  onClose,
  children,
}: {
  title: string;
  action: string;
  destructive?: boolean;
  disabled?: boolean;
  running?: boolean;
  /** Why it was refused. */
  errors?: readonly FailuresFragment[];
  footer?: ReactNode;
  onAction: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={<Sentence text={title} />}
      onClose={onClose}
      primaryAction={{ content: action, destructive, disabled, loading: running, onAction }}
      secondaryActions={[{ content: t("cancel"), onAction: onClose, disabled: running }]}
      footer={footer}
    >
      <Modal.Section>
        <BlockStack gap="400">
          <UserErrors errors={errors} />
          {children}
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}
