import { Banner, BlockStack, Page, Text } from "@shopify/polaris";
import { Component, type ReactNode } from "react";
import { Translation } from "react-i18next";
import { SupportContact } from "~/components/SupportContact";

/** Catches what a screen could not draw, among it a part of the page that the network did not deliver. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Translation>
        {(t) => (
          <Page>
            <Banner
              tone="critical"
              title={t("failure.page.title")}
              action={{ content: t("failure.reload"), onAction: () => window.location.reload() }}
            >
              <BlockStack gap="100">
                <Text as="p">{t("failure.page.text")}</Text>
                <SupportContact />
              </BlockStack>
            </Banner>
          </Page>
        )}
      </Translation>
    );
  }
}
