import { Card, EmptyState, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { Footer } from "./Footer";

/** The page outside of the Shopify admin: nobody is signed in here, so there is nothing to show. */
export function OpenInShopify() {
  const { t } = useTranslation();
  return (
    <>
      <Page>
        <Card>
          <EmptyState image="" heading={t("outside.title")}>
            <p>{t("outside.text")}</p>
          </EmptyState>
        </Card>
      </Page>
      <Footer />
    </>
  );
}
