import { Modal, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

/** Asks before something that writes or breaks; `action` names the deed, never just "OK". */
export function Confirm({
  title,
  text,
  action,
  destructive = false,
  running = false,
  onConfirm,
  onClose,
}: {
  title: string;
  text: string;
  action: string;
  destructive?: boolean;
  running?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={title}
      onClose={onClose}
      primaryAction={{ content: action, destructive, loading: running, onAction: onConfirm }}
      secondaryActions={[{ content: t("cancel"), onAction: onClose, disabled: running }]}
    >
      <Modal.Section>
        <Text as="p">{text}</Text>
      </Modal.Section>
    </Modal>
  );
}
