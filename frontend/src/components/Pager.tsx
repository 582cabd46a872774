import { InlineStack, Pagination } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { Paging } from "./paging";

export function Pager({
  paging,
  pageInfo,
}: {
  paging: Paging;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}) {
  const { t } = useTranslation();
  if (paging.index === 0 && !pageInfo.hasNextPage) return null;
  return (
    <InlineStack align="center">
      <Pagination
        accessibilityLabel={t("paging.label")}
        previousTooltip={t("paging.previous")}
        nextTooltip={t("paging.next")}
        hasPrevious={paging.index > 0}
        onPrevious={paging.previous}
        hasNext={pageInfo.hasNextPage}
        onNext={() => paging.next(pageInfo.endCursor)}
      />
    </InlineStack>
  );
}
