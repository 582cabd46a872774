import { BlockStack, Modal, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useSelf } from "~/app/self";
import { CopyField } from "~/components/CopyField";
import { InviteForm } from "./InviteForm";

/** Both ways in which a shop comes to follow this one: an invitation, or the key. Closes when nothing is left to correct. */
export default function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { shop } = useSelf();
  return (
    <Modal open title={t("invite.title")} onClose={onClose}>
      <Modal.Section>
        <BlockStack gap="300">
          <Text as="p">{t("invite.text")}</Text>
          <InviteForm onSent={(left) => left === 0 && onClose()} />
        </BlockStack>
      </Modal.Section>
      {shop.connectionKey && (
        <Modal.Section>
          <BlockStack gap="300">
            <Text as="p">{t("invite.orKey")}</Text>
            <CopyField value={shop.connectionKey} label={t("key.label")} />
          </BlockStack>
        </Modal.Section>
      )}
    </Modal>
  );
}
