import { FooterHelp, InlineStack, Link, Text } from "@shopify/polaris";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import { SupportContact } from "~/components/SupportContact";
import { SelfContext } from "./self";
import { helpUrl } from "./support";

/** Help and the support contact, on every screen; nothing where there is nothing to say. */
export function Footer() {
  const { t } = useTranslation();
  const version = useContext(SelfContext)?.app.version;
  const help = helpUrl();
  return (
    <FooterHelp>
      <InlineStack gap="300" align="center">
        {help && (
          <Link url={help} external>
            {t("help.link")}
          </Link>
        )}
        <SupportContact />
        {version && (
          <Text as="span" tone="subdued">
            {t("help.version", { version })}
          </Text>
        )}
      </InlineStack>
    </FooterHelp>
  );
}
