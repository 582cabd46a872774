import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { CopyField } from "~/components/CopyField";

/** Where the API is, and where to read on and try it out. */
export function Developers({
  graphiqlUrl,
  apiDocsUrl,
}: {
  /** Null where the operator offers none. */
  graphiqlUrl: string | null;
  apiDocsUrl: string | null;
}) {
  const { t } = useTranslation();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("apiAccess.developers")}
        </Text>
        <Text as="p">{t("apiAccess.developersText")}</Text>
        <CopyField value={new URL("/graphql", window.location.href).href} label={t("apiAccess.address")} />
        {(graphiqlUrl || apiDocsUrl) && (
          <InlineStack gap="300">
            {graphiqlUrl && (
              <Button url={graphiqlUrl} external>
                {t("apiAccess.graphiql")}
              </Button>
            )}
            {apiDocsUrl && (
              <Button url={apiDocsUrl} external>
                {t("apiAccess.docs")}
              </Button>
            )}
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}
