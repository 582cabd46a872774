import { BlockStack, Modal } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { UserErrors } from "~/components/UserErrors";
import type { FailuresFragment } from "~/graphql/generated/graphql";

/** A dialog that chooses the product to link with, and links it. */
export function LinkModal({
  title,
  chosen,
  link,
  onLink,
  onClose,
  children,
}: {
  title: string;
  /** Null while none is. */
  chosen: string | null;
  link: { running: boolean; errors: readonly FailuresFragment[] };
  onLink: (chosen: string) => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={title}
      onClose={onClose}
      primaryAction={{
        content: t("link.action"),
        disabled: chosen === null,
        loading: link.running,
        onAction: () => void (chosen !== null && onLink(chosen)),
      }}
      secondaryActions={[{ content: t("cancel"), onAction: onClose }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          <UserErrors errors={link.errors} />
          {children}
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}
