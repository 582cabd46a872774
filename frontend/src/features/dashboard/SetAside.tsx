import { Banner, Button, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { toast } from "~/app/appBridge";
import { RetrySetAsideDocument, SetAsideDocument, type StandingFragment } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";

/** What failed three times and waits; everything else goes on meanwhile. */
export function SetAside({ connections }: { connections: readonly StandingFragment[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [{ data }] = useQuery({ query: SetAsideDocument });
  const retry = useCommand(RetrySetAsideDocument, { announce: true });
  const products = connections.reduce((sum, { productsSetAside }) => sum + productsSetAside, 0);
  const count = (data?.setAsideSubjects.totalCount ?? 0) + products;
  if (count === 0) return null;
  const reason = data?.setAsideSubjects.nodes[0]?.reason;
  return (
    <Banner tone="warning" title={t("aside.title", { count, number: format.number(count) })}>
      <InlineStack gap="300" blockAlign="center">
        <Text as="span">
          {t("aside.text")}
          {reason && ` ${t("aside.reason", { reason })}`}
        </Text>
        <Button
          loading={retry.running}
          onClick={async () => {
            if (await retry.run({})) toast(t("aside.retried"));
          }}
        >
          {t("failure.retry")}
        </Button>
      </InlineStack>
    </Banner>
  );
}
