import "@shopify/polaris/build/esm/styles.css";
import "./app/page.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { appBridge, shopifyLocale } from "./app/appBridge";
import { askEarly } from "./features/dashboard/askEarly";
import { createApiClient } from "./graphql/client";
import { languageOf } from "./i18n/languages";
import { startLanguage } from "./i18n/start";

const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root");

const client = createApiClient();
const locale = shopifyLocale();
if (appBridge()) void askEarly(client, languageOf(locale));
const polarisTexts = await startLanguage(locale);
createRoot(root).render(<App client={client} polarisTexts={polarisTexts} />);
