import "@shopify/polaris/build/esm/styles.css";
import "./app/page.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { shopifyLocale } from "./app/appBridge";
import { createApiClient } from "./graphql/client";
import { startLanguage } from "./i18n/start";

const root = document.getElementById("root");
if (!root) throw new Error("The page has no #root");

const polarisTexts = await startLanguage(shopifyLocale());
createRoot(root).render(<App client={createApiClient()} polarisTexts={polarisTexts} />);
