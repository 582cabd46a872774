import { BlockStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { ConnectionRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { usualDelay } from "./rows";

/** How equal a dependent was found to be, and how long changes take to get there. */
export function Agreement({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { parity, delay, oversellWindow } = connection;
  const usual = usualDelay(delay);
  return (
    <BlockStack>
      {parity.share !== null && (
        <Text as="span" variant="bodySm">
          {t("parity.equal", { share: format.exactShare(parity.share) })}
          {parity.differences > 0 && (
            <>
              {" · "}
              <Link url={`/connections/${connection.id}/products?tab=differences`}>
                {t("parity.differences", {
                  count: parity.differences,
                  number: format.number(parity.differences),
                })}
              </Link>
            </>
          )}
        </Text>
      )}
      {usual && (
        <Text as="span" variant="bodySm" tone="subdued">
          {t("delay.usual", { median: format.seconds(usual.median), most: format.seconds(usual.p95) })}
        </Text>
      )}
      {oversellWindow !== null && (
        <Text as="span" variant="bodySm" tone="subdued">
          {t("delay.stock", { most: format.seconds(oversellWindow) })}
        </Text>
      )}
    </BlockStack>
  );
}
