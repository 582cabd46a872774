import {
  BlockStack,
  Button,
  Card,
  Divider,
  InlineStack,
  Page,
  SkeletonBodyText,
  Text,
} from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { toast } from "~/app/appBridge";
import { useSelf } from "~/app/self";
import { Confirm } from "~/components/Confirm";
import { CopyField } from "~/components/CopyField";
import { FailureBanner } from "~/components/FailureBanner";
import { Pager } from "~/components/Pager";
import { usePaging } from "~/components/paging";
import { ConnectionStateBadge } from "~/components/StateBadge";
import { ApiAccessCard } from "~/features/api/ApiAccessCard";
import { SentInvitations } from "~/features/invitations/SentInvitations";
import { DependentsDocument, RotateKeyDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { DependentActions } from "./DependentActions";

export function MainSettings() {
  const { t } = useTranslation();
  return (
    <Page title={t("menu.settings")} backAction={{ content: t("menu.dashboard"), url: "/" }}>
      <BlockStack gap="400">
        <ConnectionKey />
        <SentInvitations />
        <Dependents />
        <ApiAccessCard />
      </BlockStack>
    </Page>
  );
}

function ConnectionKey() {
  const { t } = useTranslation();
  const { shop } = useSelf();
  const [asking, setAsking] = useState(false);
  const rotate = useCommand(RotateKeyDocument, { announce: true });
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("key.title")}
        </Text>
        <Text as="p">{t("key.text")}</Text>
        {shop.connectionKey && <CopyField value={shop.connectionKey} label={t("key.label")} />}
        <InlineStack>
          <Button onClick={() => setAsking(true)}>{t("key.rotate")}</Button>
        </InlineStack>
      </BlockStack>
      {asking && (
        <Confirm
          title={t("key.rotateTitle")}
          text={t("key.rotateText")}
          action={t("key.rotate")}
          destructive
          running={rotate.running}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            if (await rotate.run({})) toast(t("key.rotated"));
            setAsking(false);
          }}
        />
      )}
    </Card>
  );
}

function Dependents() {
  const { t } = useTranslation();
  const paging = usePaging();
  const [{ data, error }, reload] = useQuery({
    query: DependentsDocument,
    variables: { after: paging.after },
  });
  const rows = data?.connections.edges.map((edge) => edge.node) ?? [];
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("shops.title")}
        </Text>
        {error && <FailureBanner error={error} retry={() => reload({ requestPolicy: "network-only" })} />}
        {!data && !error && <SkeletonBodyText lines={4} />}
        {data && rows.length === 0 && (
          <>
            <Text as="p" tone="subdued">
              {t("shops.noneMain")}
            </Text>
            <InlineStack>
              <Button variant="plain" url="/setup/role">
                {t("onboarding.changeRole")}
              </Button>
            </InlineStack>
          </>
        )}
        {rows.map((connection, index) => (
          <BlockStack key={connection.id} gap="300">
            {index > 0 && <Divider />}
            <InlineStack align="space-between" blockAlign="center" gap="200">
              <InlineStack gap="200" blockAlign="center">
                <Text as="span" fontWeight="medium" breakWord>
                  {connection.dependent.domain}
                </Text>
                <ConnectionStateBadge state={connection.state} />
              </InlineStack>
              <InlineStack gap="100" blockAlign="center">
                <Button
                  url={`/connections/${connection.id}/settings`}
                  accessibilityLabel={t("shops.settingsOf", { shop: connection.dependent.domain })}
                >
                  {t("shops.settings")}
                </Button>
                <DependentActions connection={connection} />
              </InlineStack>
            </InlineStack>
          </BlockStack>
        ))}
        {data && <Pager paging={paging} pageInfo={data.connections.pageInfo} />}
      </BlockStack>
    </Card>
  );
}
