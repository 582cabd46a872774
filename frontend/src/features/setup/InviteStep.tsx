import { BlockStack, Button, Card, Divider, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { InviteForm } from "~/features/invitations/InviteForm";
import { SentInvitation } from "~/features/invitations/SentInvitation";
import { InvitationsDocument } from "~/graphql/generated/graphql";
import { PutOff } from "./PutOff";
import { StepFrame } from "./StepFrame";

/** A main invites its other shops, several at once. */
export function InviteStep() {
  const { t } = useTranslation();
  const [{ data }] = useQuery({
    query: InvitationsDocument,
    variables: { first: 20, filter: { direction: "SENT" } },
  });
  const sent = data?.invitations.edges.map(({ node }) => node) ?? [];
  return (
    <StepFrame
      of="MAIN"
      step="invite"
      title={t("onboarding.inviteTitle")}
      text={t("invite.text")}
      back="/setup/key"
      onwards={
        <PutOff label={t(sent.length > 0 ? "setup.toDashboard" : "setup.later")} primary={sent.length > 0} />
      }
    >
      <Card>
        <InviteForm />
      </Card>
      {sent.length > 0 && (
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {t("invitation.title")}
            </Text>
            {sent.map((invitation, index) => (
              <BlockStack key={invitation.id} gap="300">
                {index > 0 && <Divider />}
                <SentInvitation invitation={invitation} />
              </BlockStack>
            ))}
            {data?.invitations.pageInfo.hasNextPage && (
              <Button variant="plain" url="/settings">
                {t("invitation.all")}
              </Button>
            )}
          </BlockStack>
        </Card>
      )}
    </StepFrame>
  );
}
