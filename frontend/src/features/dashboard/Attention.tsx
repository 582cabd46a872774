import { Banner, BlockStack, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useSelf } from "~/app/self";
import type { ConnectionRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { lacksRate } from "./rows";

interface Matter {
  key: string;
  text: string;
  action?: { content: string; url: string };
}

/** What waits for a person, each with the way to deal with it; nothing at all when nothing waits. */
export function Attention({ connections }: { connections: readonly ConnectionRowFragment[] }) {
  const { t } = useTranslation();
  const matters = useMatters(connections);
  if (matters.length === 0) return null;
  return (
    <Banner tone="warning" title={t("attention.title", { count: matters.length })}>
      <BlockStack gap="150">
        {matters.map(({ key, text, action }) => (
          <InlineStack key={key} gap="200">
            <Text as="span">{text}</Text>
            {action && <Link url={action.url}>{action.content}</Link>}
          </InlineStack>
        ))}
      </BlockStack>
    </Banner>
  );
}

function useMatters(connections: readonly ConnectionRowFragment[]): Matter[] {
  const { t } = useTranslation();
  const format = useFormat();
  const { shop: self } = useSelf();
  const matters: Matter[] = [];
  if (self.missingScopes.length > 0) {
    matters.push({ key: "scopes", text: t("attention.scopes", { scopes: format.list(self.missingScopes) }) });
  }
  for (const connection of connections) {
    const { id, dependent, permissions, heldChanges, openConflicts, lastJob } = connection;
    const shop = dependent.domain;
    const mine = permissions.includes("EDIT_SETTINGS");
    const settings = { content: t("attention.toSettings"), url: `/connections/${id}/settings` };
    if (connection.state === "SUSPENDED") {
      matters.push({ key: `${id}-suspended`, text: t("attention.suspended", { shop }) });
      continue;
    }
    if (!connection.syncSettings) {
      matters.push({
        key: `${id}-settings`,
        text: t(mine ? "attention.settings" : "attention.settingsOther", { shop }),
        ...(mine && { action: settings }),
      });
      continue;
    }
    if (heldChanges > 0) {
      matters.push({
        key: `${id}-held`,
        text: t("attention.held", { count: heldChanges, number: format.number(heldChanges), shop }),
        action: {
          content: t("attention.toHeld"),
          url:
            lastJob && lastJob.counts.held > 0 ? `/jobs/${lastJob.id}?show=HELD` : `/jobs?connection=${id}`,
        },
      });
    }
    if (openConflicts > 0) {
      matters.push({
        key: `${id}-conflicts`,
        text: t("attention.conflicts", { count: openConflicts, number: format.number(openConflicts), shop }),
        action: { content: t("attention.toConflicts"), url: `/connections/${id}/products` },
      });
    }
    if (lacksRate(connection)) {
      matters.push({
        key: `${id}-rate`,
        text: t("attention.rate", {
          shop,
          main: connection.main.currency,
          dependent: dependent.currency,
        }),
        ...(mine && { action: settings }),
      });
    }
  }
  return matters;
}
