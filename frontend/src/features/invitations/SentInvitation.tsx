import { BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { Confirm } from "~/components/Confirm";
import {
  type InvitationRowFragment,
  ResendInvitationDocument,
  RevokeInvitationDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import { InvitationBadge } from "./InvitationBadge";

/** An invitation that this shop has sent: how it stands, and what can be done about it. */
export function SentInvitation({ invitation }: { invitation: InvitationRowFragment }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const resend = useCommand(ResendInvitationDocument, { announce: true });
  const revoke = useCommand(RevokeInvitationDocument, { announce: true });
  const { id, domain: shop, state, installed } = invitation;

  return (
    <InlineStack align="space-between" blockAlign="center" gap="200">
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center" align="start">
          <Text as="span" fontWeight="medium" breakWord>
            {shop}
          </Text>
          <InvitationBadge state={state} />
        </InlineStack>
        <Text as="p" variant="bodySm" tone="subdued">
          {useStory(invitation)}
        </Text>
        {state === "PENDING" && installed !== null && (
          <Text as="p" variant="bodySm" tone="subdued">
            {t(installed ? "invitation.installed" : "invitation.notInstalled")}
          </Text>
        )}
      </BlockStack>
      <InlineStack gap="200">
        {state !== "ACCEPTED" && (
          <Button
            loading={resend.running}
            accessibilityLabel={t("invitation.resendTo", { shop })}
            onClick={async () => {
              if (await resend.run({ id })) toast(t("invitation.resent"));
            }}
          >
            {t("invitation.resend")}
          </Button>
        )}
        {state === "PENDING" && (
          <Button
            variant="tertiary"
            tone="critical"
            accessibilityLabel={t("invitation.revokeOf", { shop })}
            onClick={() => setAsking(true)}
          >
            {t("invitation.revoke")}
          </Button>
        )}
      </InlineStack>
      {asking && (
        <Confirm
          title={t("invitation.revokeTitle")}
          text={t("invitation.revokeText", { shop })}
          action={t("invitation.revoke")}
          destructive
          running={revoke.running}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            if (await revoke.run({ id })) toast(t("invitation.revoked"));
            setAsking(false);
          }}
        />
      )}
    </InlineStack>
  );
}

/** When it was sent and how often, and when it was answered. */
function useStory({ state, sentAt, sentCount, answeredAt }: InvitationRowFragment): string {
  const { t } = useTranslation();
  const format = useFormat();
  const sent = t("invitation.sent", { count: sentCount, when: format.relative(sentAt) });
  if (state === "PENDING" || answeredAt === null) return sent;
  return `${sent} · ${t(`invitation.answered.${state}`, { when: format.relative(answeredAt) })}`;
}
