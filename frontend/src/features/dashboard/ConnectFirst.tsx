import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useSelf } from "~/app/self";
import { CopyField } from "~/components/CopyField";
import { ReceivedInvitations } from "~/features/invitations/ReceivedInvitations";
import { KeyEntry } from "~/features/setup/KeyEntry";

const InviteDialog = lazy(() => import("~/features/invitations/InviteDialog"));

/** The dashboard of a shop that stands alone: how it comes to be connected. */
export function ConnectFirst({ onConnected }: { onConnected: () => void }) {
  const { shop, refresh } = useSelf();
  const navigate = useNavigate();
  if (shop.role === "MAIN") return <FirstShop />;
  return (
    <ReceivedInvitations>
      <KeyEntry
        onConnected={() => {
          refresh();
          onConnected();
          navigate("/setup/sync");
        }}
      />
    </ReceivedInvitations>
  );
}

/** A main invites, or gives its key away. */
function FirstShop() {
  const { t } = useTranslation();
  const { shop } = useSelf();
  const [inviting, setInviting] = useState(false);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("connect.mainTitle")}
        </Text>
        <Text as="p">{t("invite.text")}</Text>
        <InlineStack>
          <Button variant="primary" onClick={() => setInviting(true)}>
            {t("invite.title")}
          </Button>
        </InlineStack>
        <Text as="p">{t("invite.orKey")}</Text>
        {shop.connectionKey && <CopyField value={shop.connectionKey} label={t("key.label")} />}
      </BlockStack>
      {inviting && (
        <Suspense>
          <InviteDialog onClose={() => setInviting(false)} />
        </Suspense>
      )}
    </Card>
  );
}
