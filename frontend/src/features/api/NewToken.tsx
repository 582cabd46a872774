import { Banner, type BannerHandles, BlockStack, Text } from "@shopify/polaris";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { CopyField } from "~/components/CopyField";

export interface Fresh {
  id: string;
  name: string;
  secret: string;
}

/** A token that was just made: on the page and not in a dialog, so that no stray key closes it before it is copied. */
export function NewToken({ token, onDone }: { token: Fresh; onDone: () => void }) {
  const { t } = useTranslation();
  const banner = useRef<BannerHandles>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new token is where a person has to go on.
  useEffect(() => banner.current?.focus(), [token.id]);
  return (
    <Banner
      ref={banner}
      tone="warning"
      title={t("apiAccess.newTitle", { name: token.name })}
      action={{ content: t("apiAccess.newDone"), onAction: onDone }}
    >
      <BlockStack gap="300">
        <Text as="p">{t("apiAccess.newText")}</Text>
        <CopyField value={token.secret} label={t("apiAccess.token")} />
      </BlockStack>
    </Banner>
  );
}
