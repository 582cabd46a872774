import { Icon, InlineStack, Text } from "@shopify/polaris";
import { DisabledIcon } from "@shopify/polaris-icons";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "urql";
import { SelfDocument } from "~/graphql/generated/graphql";
import styles from "./ConnectionNotice.module.css";

/** Says so while the network is away, over the screen and not in it, so that nothing moves; goes by itself. */
export function ConnectionNotice() {
  const { t } = useTranslation();
  const client = useClient();
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const update = (): void => {
      setOnline(navigator.onLine);
      if (navigator.onLine)
        void client.query(SelfDocument, {}, { requestPolicy: "network-only" }).toPromise();
    };
    window.addEventListener("online", update);
    window.addEventListener("offline", update);
    return () => {
      window.removeEventListener("online", update);
      window.removeEventListener("offline", update);
    };
  }, [client]);

  return (
    <div role="status" className={styles.place}>
      {!online && (
        <div className={styles.notice}>
          <InlineStack gap="200" blockAlign="center" wrap={false}>
            <Icon source={DisabledIcon} />
            <Text as="span">{t("failure.offline.notice")}</Text>
          </InlineStack>
        </div>
      )}
    </div>
  );
}
