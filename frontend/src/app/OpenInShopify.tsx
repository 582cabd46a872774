import { Card, Page } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { Nothing } from "~/components/Nothing";
import { Footer } from "./Footer";

/** The page outside of the Shopify admin: nobody is signed in here, so there is nothing to show. */
export function OpenInShopify() {
  const { t } = useTranslation();
  return (
    <>
      <Page>
        <Card>
          <Nothing title={t("outside.title")} text={t("outside.text")} heading="h1" />
        </Card>
      </Page>
      <Footer />
    </>
  );
}
