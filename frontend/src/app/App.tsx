import { AppProvider, type AppProviderProps } from "@shopify/polaris";
import { BrowserRouter } from "react-router";
import { type Client, Provider } from "urql";
import { appBridge } from "./appBridge";
import { ErrorBoundary } from "./ErrorBoundary";
import { Frame } from "./Frame";
import { OpenInShopify } from "./OpenInShopify";
import { PolarisLink } from "./PolarisLink";
import { Pages } from "./routes";

export function App({ client, polarisTexts }: { client: Client; polarisTexts: AppProviderProps["i18n"] }) {
  return (
    <AppProvider i18n={polarisTexts} linkComponent={PolarisLink}>
      <ErrorBoundary>
        {appBridge() ? (
          <Provider value={client}>
            <BrowserRouter>
              <Frame>
                <Pages />
              </Frame>
            </BrowserRouter>
          </Provider>
        ) : (
          <OpenInShopify />
        )}
      </ErrorBoundary>
    </AppProvider>
  );
}
