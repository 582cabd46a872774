import { FooterHelp, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useSelf } from "./self";

/** Help and the support contact, on every screen. */
export function Footer() {
  const { t } = useTranslation();
  const { app } = useSelf();
  return (
    <FooterHelp>
      <InlineStack gap="300" align="center">
        {app.helpUrl && (
          <Link url={app.helpUrl} external>
            {t("help.link")}
          </Link>
        )}
        {app.supportContact && (
          <Text as="span">
            {t("help.support")}{" "}
            <Link url={contactUrl(app.supportContact)} external>
              {app.supportContact}
            </Link>
          </Text>
        )}
        <Text as="span" tone="subdued">
          {t("help.version", { version: app.version })}
        </Text>
      </InlineStack>
    </FooterHelp>
  );
}

function contactUrl(contact: string): string {
  return contact.includes("@") && !contact.includes(":") ? `mailto:${contact}` : contact;
}
