import { BlockStack, Box, InlineGrid, SkeletonBodyText } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FailureBanner } from "~/components/FailureBanner";
import { Nothing } from "~/components/Nothing";
import { Pager } from "~/components/Pager";
import { SearchField } from "~/components/SearchField";
import styles from "./SearchedList.module.css";
import type { Searched } from "./useSearched";

interface FrameProps {
  list:
    | { edges: readonly unknown[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
    | undefined;
  searched: Searched<unknown>;
  /** What is said where there is nothing, searched or not. */
  empty: { title: string; text: string };
  children: ReactNode;
}

/**
 * What every list on this page shares: searching, with a `filter` beside and a `note` below; loading, failing, being
 * empty, turning pages.
 */
export function SearchedList({
  filter,
  note,
  ...frame
}: FrameProps & { filter?: ReactNode; note?: ReactNode }) {
  const { t } = useTranslation();
  const field = <SearchField search={frame.searched.search} label={t("links.search")} />;
  return (
    <>
      <Box padding="400">
        <BlockStack gap="300">
          {filter ? (
            <InlineGrid columns={{ xs: 1, sm: "2fr 1fr" }} gap="200">
              {field}
              {filter}
            </InlineGrid>
          ) : (
            field
          )}
          {note}
        </BlockStack>
      </Box>
      <Frame {...frame} />
    </>
  );
}

function Frame({ list, searched: { error, retry, paging, search }, empty, children }: FrameProps) {
  const { t } = useTranslation();
  if (error) {
    return (
      <Box padding="400">
        <FailureBanner error={error} retry={retry} />
      </Box>
    );
  }
  if (!list) {
    return (
      <Box padding="400">
        <SkeletonBodyText lines={10} />
      </Box>
    );
  }
  if (list.edges.length === 0 && paging.index === 0) {
    return (
      <Nothing
        title={search.text ? t("changes.noneFound") : empty.title}
        text={search.text ? undefined : empty.text}
      />
    );
  }
  return (
    <>
      <ul className={styles.list}>{children}</ul>
      <Box padding="200">
        <Pager paging={paging} pageInfo={list.pageInfo} />
      </Box>
    </>
  );
}

export function Item({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <li className={styles.item}>
      <div>{children}</div>
      {actions && <div>{actions}</div>}
    </li>
  );
}
