import { BlockStack, Card, Divider, SkeletonBodyText, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { FailureBanner } from "~/components/FailureBanner";
import { Pager } from "~/components/Pager";
import { usePaging } from "~/components/paging";
import { InvitationsDocument } from "~/graphql/generated/graphql";
import { InviteForm } from "./InviteForm";
import { SentInvitation } from "./SentInvitation";
import { useWhileVisible } from "./useWhileVisible";

/** A main invites shops and sees what became of it. */
export function SentInvitations() {
  const { t } = useTranslation();
  const paging = usePaging();
  const [{ data, error }, execute] = useQuery({
    query: InvitationsDocument,
    variables: { first: 20, after: paging.after, filter: { direction: "SENT" } },
    requestPolicy: "cache-and-network",
  });
  const reload = (): void => execute({ requestPolicy: "network-only" });
  useWhileVisible(reload);
  const rows = data?.invitations.edges.map(({ node }) => node) ?? [];
  return (
    <>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t("invite.title")}
          </Text>
          <Text as="p">{t("invite.text")}</Text>
          <InviteForm onSent={paging.reset} />
        </BlockStack>
      </Card>
      <Card>
        <BlockStack gap="300">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {t("invitation.title")}
            </Text>
            <Text as="p" tone="subdued">
              {t(data && rows.length === 0 ? "invitation.empty" : "invitation.text")}
            </Text>
          </BlockStack>
          {error && <FailureBanner error={error} retry={reload} />}
          {!data && !error && <SkeletonBodyText lines={4} />}
          {rows.map((invitation, index) => (
            <BlockStack key={invitation.id} gap="300">
              {index > 0 && <Divider />}
              <SentInvitation invitation={invitation} />
            </BlockStack>
          ))}
          {data && <Pager paging={paging} pageInfo={data.invitations.pageInfo} />}
        </BlockStack>
      </Card>
    </>
  );
}
