import { Badge, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { Confirm } from "~/components/Confirm";
import { type ApiTokenRowFragment, RevokeApiTokenDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import styles from "./TokenList.module.css";

export function TokenList({
  tokens,
  onRevoked,
}: {
  tokens: readonly ApiTokenRowFragment[];
  onRevoked: (id: string) => void;
}) {
  const { t } = useTranslation();
  const [revoking, setRevoking] = useState<ApiTokenRowFragment | null>(null);
  const command = useCommand(RevokeApiTokenDocument, { announce: true });
  const revoke = async (id: string): Promise<void> => {
    if (await command.run({ id })) {
      toast(t("apiAccess.revoked"));
      onRevoked(id);
    }
    setRevoking(null);
  };
  return (
    <Card padding="0">
      <ul className={styles.list} aria-label={t("apiAccess.tokens")}>
        {tokens.map((token) => (
          <TokenLine key={token.id} token={token} onRevoke={() => setRevoking(token)} />
        ))}
      </ul>
      {revoking && (
        <Confirm
          title={t("apiAccess.revokeTitle", { name: revoking.name })}
          text={t("apiAccess.revokeText")}
          action={t("apiAccess.revoke")}
          destructive
          running={command.running}
          onConfirm={() => void revoke(revoking.id)}
          onClose={() => setRevoking(null)}
        />
      )}
    </Card>
  );
}

function TokenLine({ token, onRevoke }: { token: ApiTokenRowFragment; onRevoke: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <li className={styles.line}>
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          <Text as="span" fontWeight="semibold" breakWord>
            {token.name}
          </Text>
          <Badge tone={token.scope === "WRITE" ? "attention" : undefined}>
            {t(`apiAccess.scope.${token.scope}`)}
          </Badge>
        </InlineStack>
        <Text as="span" variant="bodySm" tone="subdued">
          <span className={styles.hint}>msat_…{token.hint}</span>
          {" · "}
          {t("apiAccess.created", { date: format.dateTime(token.createdAt) })}
          {" · "}
          {token.lastUsedAt ? (
            <time dateTime={token.lastUsedAt} title={format.dateTime(token.lastUsedAt)}>
              {t("apiAccess.used", { when: format.relative(token.lastUsedAt) })}
            </time>
          ) : (
            t("apiAccess.neverUsed")
          )}
        </Text>
      </BlockStack>
      <Button
        tone="critical"
        accessibilityLabel={t("apiAccess.revokeOf", { name: token.name })}
        onClick={onRevoke}
      >
        {t("apiAccess.revoke")}
      </Button>
    </li>
  );
}
