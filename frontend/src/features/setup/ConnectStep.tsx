import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useSelf } from "~/app/self";
import { CopyField } from "~/components/CopyField";
import { InvitationCard } from "~/features/invitations/InvitationCard";
import type { WaitingInvitation } from "~/features/invitations/useWaiting";
import { KeyForm } from "./KeyForm";
import { PutOff } from "./PutOff";
import { StepFrame } from "./StepFrame";

/** A dependent finds its main: by an invitation that waits, or by the main's key; the main has to be there first. */
export function ConnectStep({
  invitations,
  onAnswered,
}: {
  invitations: readonly WaitingInvitation[];
  onAnswered: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { shop, refresh } = useSelf();
  return (
    <StepFrame
      of="DEPENDENT"
      step="connect"
      title={t("connect.title")}
      back="/setup/role"
      onwards={<PutOff label={t("setup.later")} />}
    >
      <BlockStack gap="400">
        {invitations.map((invitation) => (
          <InvitationCard key={invitation.id} invitation={invitation} onAnswered={onAnswered} />
        ))}
        <Card>
          <BlockStack gap="400">
            <Text as="h2" variant="headingMd">
              {t("connect.text")}
            </Text>
            <KeyForm
              onConnected={() => {
                refresh();
                navigate("/setup/sync");
              }}
            />
          </BlockStack>
        </Card>
        {invitations.length === 0 && (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                {t("onboarding.mainFirstTitle")}
              </Text>
              <Text as="p">{t("onboarding.mainFirstText")}</Text>
              <CopyField value={shop.domain} label={t("onboarding.address")} />
            </BlockStack>
          </Card>
        )}
      </BlockStack>
    </StepFrame>
  );
}
