import { BlockStack, Card, SkeletonBodyText, SkeletonDisplayText, SkeletonPage } from "@shopify/polaris";
import { useTranslation } from "react-i18next";

/** The shape of a screen while it loads: cards of the usual height, so that nothing jumps when they fill. */
export function PageSkeleton({ cards = 2 }: { cards?: number }) {
  const { t } = useTranslation();
  return (
    <div aria-busy="true">
      <span role="status" className="Polaris-Text--visuallyHidden">
        {t("loading")}
      </span>
      <SkeletonPage>
        <BlockStack gap="400">
          {Array.from({ length: cards }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the cards are all alike
            <CardSkeleton key={index} />
          ))}
        </BlockStack>
      </SkeletonPage>
    </div>
  );
}

export function CardSkeleton({ lines = 5 }: { lines?: number }) {
  return (
    <Card>
      <BlockStack gap="400">
        <SkeletonDisplayText size="small" />
        <SkeletonBodyText lines={lines} />
      </BlockStack>
    </Card>
  );
}
