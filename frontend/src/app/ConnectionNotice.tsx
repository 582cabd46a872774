import { Button, Icon, InlineStack, Text } from "@shopify/polaris";
import { DisabledIcon } from "@shopify/polaris-icons";
import { useTranslation } from "react-i18next";
import styles from "./ConnectionNotice.module.css";
import { useTrouble } from "./recovery";

/**
 * Says so while the network is away, the server does not answer or the session has ended; over the screen and not in it,
 * so that nothing moves. Goes by itself.
 */
export function ConnectionNotice() {
  const { t } = useTranslation();
  const trouble = useTrouble();
  return (
    <div role="status" className={styles.place}>
      {trouble && (
        <div className={styles.notice}>
          <InlineStack gap="200" blockAlign="center" wrap={false}>
            <Icon source={DisabledIcon} />
            <Text as="span">
              {trouble === "offline" ? t("failure.offline.notice") : t(`outage.${trouble}`)}
            </Text>
            {trouble === "session" && (
              <Button onClick={() => window.location.reload()}>{t("failure.reload")}</Button>
            )}
          </InlineStack>
        </div>
      )}
    </div>
  );
}
