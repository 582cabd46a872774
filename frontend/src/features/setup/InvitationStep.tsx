import { BlockStack, Button, InlineStack } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { InvitationCard } from "~/features/invitations/InvitationCard";
import type { WaitingInvitation } from "~/features/invitations/useWaiting";
import { StepFrame } from "./StepFrame";

/** A shop that has no role yet is invited: the answer comes before any other question. */
export function InvitationStep({
  invitations,
  onAnswered,
}: {
  invitations: readonly WaitingInvitation[];
  onAnswered: () => void;
}) {
  const { t } = useTranslation();
  return (
    <StepFrame of={null} step="invitation" title={t("setup.welcome")}>
      <BlockStack gap="400">
        {invitations.map((invitation) => (
          <InvitationCard key={invitation.id} invitation={invitation} onAnswered={onAnswered} />
        ))}
      </BlockStack>
      <InlineStack align="center">
        <Button variant="plain" url="/setup/role">
          {t("invitation.otherwise")}
        </Button>
      </InlineStack>
    </StepFrame>
  );
}
