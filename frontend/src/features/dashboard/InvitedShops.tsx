import { BlockStack, Button, Divider, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { InvitationBadge } from "~/features/invitations/InvitationBadge";
import type { WaitingInvitation } from "~/features/invitations/useWaiting";
import { useFormat } from "~/i18n/format";

/** Shops that a main has invited and that have not answered yet; the others stand in the settings. */
export function InvitedShops({ invitations }: { invitations: readonly WaitingInvitation[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (invitations.length === 0) return null;
  return (
    <>
      {invitations.map(({ id, domain, state, sentAt }) => (
        <BlockStack key={id} gap="300">
          <Divider />
          <BlockStack gap="100">
            <Text as="p" fontWeight="medium" breakWord>
              {domain}
            </Text>
            <InlineStack gap="150" blockAlign="center" align="start">
              <InvitationBadge state={state} />
              <Text as="span" variant="bodySm" tone="subdued">
                {t("invitation.sent", { count: 1, when: format.relative(sentAt) })}
              </Text>
            </InlineStack>
          </BlockStack>
        </BlockStack>
      ))}
      <InlineStack>
        <Button variant="plain" url="/settings">
          {t("invitation.all")}
        </Button>
      </InlineStack>
    </>
  );
}
