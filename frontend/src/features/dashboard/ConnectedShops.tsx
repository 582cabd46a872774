import { BlockStack, Button, Card, Divider, InlineStack, Text } from "@shopify/polaris";
import { PlusIcon } from "@shopify/polaris-icons";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSelf } from "~/app/self";
import { CardSkeleton } from "~/components/PageSkeleton";
import { ShopAddress } from "~/components/ShopAddress";
import { ConnectionStateBadge, RoleBadge } from "~/components/StateBadge";
import type { Waiting } from "~/features/invitations/useWaiting";
import { InvitedShops } from "./InvitedShops";
import { OtherInvitations } from "./OtherInvitations";
import type { ShopRow } from "./rows";

const InviteDialog = lazy(() => import("~/features/invitations/InviteDialog"));

/** Who is tied to whom, and in what state; a main adds shops here. */
export function ConnectedShops({
  shops,
  waiting,
  onAnswered,
}: {
  /** Undefined until they were read. */
  shops: readonly ShopRow[] | undefined;
  /** Invitations that nobody has answered yet. */
  waiting: Waiting;
  /** An invited shop has answered: the shops are others now. */
  onAnswered: () => void;
}) {
  const { t } = useTranslation();
  const { shop: self } = useSelf();
  const [adding, setAdding] = useState(false);
  const main = self.role === "MAIN";
  useFall(main && waiting.settled ? waiting.total : undefined, onAnswered);
  if (!shops || !waiting.settled) return <CardSkeleton lines={4} />;
  const others = shops.filter((shop) => !shop.isSelf);

  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200" wrap={false}>
          <Text as="h2" variant="headingMd">
            {t("shops.title")}
          </Text>
          {main && (
            <Button
              icon={PlusIcon}
              variant="tertiary"
              accessibilityLabel={t("shops.add")}
              onClick={() => setAdding(true)}
            >
              {t("add")}
            </Button>
          )}
        </InlineStack>
        {others.length === 0 && (
          <Text as="p" tone="subdued">
            {t(main ? "shops.noneMain" : "shops.noneDependent")}
          </Text>
        )}
        {others.map((shop, index) => (
          <BlockStack key={shop.id} gap="300">
            {index > 0 && <Divider />}
            <BlockStack gap="100">
              <Text as="p" fontWeight="medium" breakWord>
                <ShopAddress domain={shop.domain} />
              </Text>
              <InlineStack gap="150" blockAlign="center">
                {shop.role && <RoleBadge role={shop.role} />}
                <ShopState
                  shop={shop}
                  tie={self.role === "DEPENDENT" ? shops.find((row) => row.isSelf) : shop}
                />
              </InlineStack>
            </BlockStack>
          </BlockStack>
        ))}
        {main && <InvitedShops invitations={waiting.invitations} />}
        {!main && others.length > 0 && <OtherInvitations {...waiting} />}
      </BlockStack>
      {adding && (
        <Suspense>
          <InviteDialog onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </Card>
  );
}

/** The state of the tie stands at the dependent's end, whichever end looks at it. */
function ShopState({ shop, tie }: { shop: ShopRow; tie: ShopRow | undefined }) {
  const { t } = useTranslation();
  const connection = tie?.connection;
  return (
    <>
      {connection && <ConnectionStateBadge state={connection.state} />}
      {connection && shop.role === "DEPENDENT" && (
        <Button variant="plain" url={`/connections/${connection.id}/settings`}>
          {t("shops.settings")}
        </Button>
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
