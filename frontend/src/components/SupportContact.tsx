import { Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { contactUrl, supportContact } from "~/app/support";

/** Whom to write to; nothing where the operator has named nobody. */
export function SupportContact() {
  const { t } = useTranslation();
  const contact = supportContact();
  if (!contact) return null;
  const url = contactUrl(contact);
  return (
    <Text as="span">
      {t("help.support")}{" "}
      {url ? (
        <Link url={url} external>
          {contact}
        </Link>
      ) : (
        contact
      )}
    </Text>
  );
}
