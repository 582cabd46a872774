import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { toast } from "~/app/appBridge";
import { useSelf } from "~/app/self";
import { Sentence } from "~/components/Sentence";
import { UserErrors } from "~/components/UserErrors";
import { AcceptInvitationDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import { DeclineButton } from "./DeclineButton";
import type { WaitingInvitation } from "./useWaiting";

/** A main shop asks this one to follow it: who, since when, and the answer. Accepting leads on to the settings. */
export function InvitationCard({
  invitation,
  onAnswered,
}: {
  invitation: WaitingInvitation;
  onAnswered: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { refresh } = useSelf();
  const accept = useCommand(AcceptInvitationDocument);
  const { name, domain } = invitation.main;

  const answer = async (): Promise<void> => {
    const result = await accept.run({ id: invitation.id });
    if (!result?.connection) return;
    toast(t("connect.done", { shop: domain }));
    refresh();
    navigate(result.connection.syncSettings ? "/" : "/setup/sync");
  };

  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingLg" breakWord>
            {t("invitation.from", { name })}
          </Text>
          <Text as="p" tone="subdued" breakWord>
            <Sentence text={t("invitation.since", { domain, when: format.relative(invitation.sentAt) })} />
          </Text>
        </BlockStack>
        <Text as="p">{t("invitation.fromText")}</Text>
        <UserErrors errors={accept.errors} />
        <InlineStack gap="200" align="end">
          <DeclineButton invitation={invitation} disabled={accept.running} onAnswered={onAnswered} />
          <Button
            variant="primary"
            loading={accept.running}
            accessibilityLabel={t("invitation.acceptOf", { name })}
            onClick={() => void answer()}
          >
            {t("invitation.accept")}
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
