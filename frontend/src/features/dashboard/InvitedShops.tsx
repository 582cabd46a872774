import { BlockStack, Button, Divider, InlineStack, Text } from "@shopify/polaris";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { InvitationBadge } from "~/features/invitations/InvitationBadge";
import { useWhileVisible } from "~/features/invitations/useWhileVisible";
import { InvitationsDocument } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";

/** Shops that a main has invited and that have not answered yet; the rest stands in the settings. */
export function InvitedShops({ onAnswered }: { onAnswered: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [{ data }, execute] = useQuery({
    query: InvitationsDocument,
    variables: { first: 5, filter: { direction: "SENT", states: ["PENDING"] } },
    requestPolicy: "cache-and-network",
  });
  useWhileVisible(() => execute({ requestPolicy: "network-only" }));
  useFall(data?.invitations.totalCount, onAnswered);
  const waiting = data?.invitations.edges.map(({ node }) => node) ?? [];
  return (
    <>
      {waiting.map(({ id, domain, state, sentAt }) => (
        <BlockStack key={id} gap="300">
          <Divider />
          <BlockStack gap="100">
            <Text as="p" fontWeight="medium" breakWord>
              {domain}
            </Text>
            <InlineStack gap="150" blockAlign="center">
              <InvitationBadge state={state} />
              <Text as="span" variant="bodySm" tone="subdued">
                {t("invitation.sent", { count: 1, when: format.relative(sentAt) })}
              </Text>
            </InlineStack>
          </BlockStack>
        </BlockStack>
      ))}
      {waiting.length > 0 && (
        <InlineStack>
          <Button variant="plain" url="/settings">
            {t("invitation.all")}
          </Button>
        </InlineStack>
      )}
    </>
  );
}

/** Calls `action` when `count` has become less. */
function useFall(count: number | undefined, action: () => void): void {
  const before = useRef(count);
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  useEffect(() => {
    if (count !== undefined && before.current !== undefined && count < before.current) latest.current();
    before.current = count;
  }, [count]);
}
