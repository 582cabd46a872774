import { BlockStack, Divider, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { DeclineButton } from "~/features/invitations/DeclineButton";
import type { Waiting } from "~/features/invitations/useWaiting";

/** What other mains ask of a dependent that has one: it can only say no as long as it is connected. */
export function OtherInvitations({ invitations, reload }: Waiting) {
  const { t } = useTranslation();
  return invitations.map((invitation) => (
    <BlockStack key={invitation.id} gap="300">
      <Divider />
      <Text as="p" breakWord>
        {t("invitation.whileConnected", { name: invitation.main.name })}
      </Text>
      <InlineStack>
        <DeclineButton invitation={invitation} onAnswered={reload} />
      </InlineStack>
    </BlockStack>
  ));
}
