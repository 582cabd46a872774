import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { helpUrl } from "~/app/support";
import { CopyField } from "~/components/CopyField";

/** Where the API is, and where to read on and try it out. */
export function Developers({ graphiqlUrl }: { graphiqlUrl: string | null }) {
  const { t } = useTranslation();
  const help = helpUrl();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("apiAccess.developers")}
        </Text>
        <Text as="p">{t("apiAccess.developersText")}</Text>
        <CopyField value={new URL("/graphql", window.location.href).href} label={t("apiAccess.address")} />
        {(graphiqlUrl || help) && (
          <InlineStack gap="300">
            {graphiqlUrl && (
              <Button url={graphiqlUrl} external>
                {t("apiAccess.graphiql")}
              </Button>
            )}
            {help && (
              <Button url={help} external>
                {t("apiAccess.docs")}
              </Button>
            )}
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}
