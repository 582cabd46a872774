import { Card, EmptyState, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page>
      <Card>
        <EmptyState
          image=""
          heading={t("notFound.title")}
          action={{ content: t("notFound.action"), url: "/" }}
        >
          <p>{t("notFound.text")}</p>
        </EmptyState>
      </Card>
    </Page>
  );
}
