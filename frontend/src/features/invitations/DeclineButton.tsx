import { Button } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { Confirm } from "~/components/Confirm";
import { DeclineInvitationDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import type { WaitingInvitation } from "./useWaiting";

export function DeclineButton({
  invitation,
  disabled = false,
  onAnswered,
}: {
  invitation: WaitingInvitation;
  disabled?: boolean;
  onAnswered: () => void;
}) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const decline = useCommand(DeclineInvitationDocument, { announce: true });
  const { name } = invitation.main;
  return (
    <>
      <Button
        disabled={disabled}
        accessibilityLabel={t("invitation.declineOf", { name })}
        onClick={() => setAsking(true)}
      >
        {t("invitation.decline")}
      </Button>
      {asking && (
        <Confirm
          title={t("invitation.declineTitle")}
          text={t("invitation.declineText", { name })}
          action={t("invitation.decline")}
          destructive
          running={decline.running}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            if (await decline.run({ id: invitation.id })) toast(t("invitation.declined"));
            setAsking(false);
            onAnswered();
          }}
        />
      )}
    </>
  );
}
