import { Card, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { Nothing } from "~/components/Nothing";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page>
      <Card>
        <Nothing
          title={t("notFound.title")}
          text={t("notFound.text")}
          heading="h1"
          action={{ content: t("notFound.action"), url: "/" }}
        />
      </Card>
    </Page>
  );
}
