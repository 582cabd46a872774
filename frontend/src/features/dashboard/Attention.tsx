import { Banner, BlockStack, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { Sentence } from "~/components/Sentence";
import type { Matter } from "./useMatters";

/** What waits for a person, each with the way to deal with it; nothing at all when nothing waits. */
export function Attention({ matters }: { matters: readonly Matter[] }) {
  const { t } = useTranslation();
  if (matters.length === 0) return null;
  const grave = matters.some((matter) => matter.grave);
  return (
    <Banner tone={grave ? "critical" : "warning"} title={t("attention.title", { count: matters.length })}>
      <BlockStack gap="150">
        {matters.map(({ key, text, action }) => (
          <InlineStack key={key} gap="200">
            <Text as="span" breakWord>
              <Sentence text={text} />
            </Text>
            <Link url={action.url} external={action.external}>
              {action.content}
            </Link>
          </InlineStack>
        ))}
      </BlockStack>
    </Banner>
  );
}
