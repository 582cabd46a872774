import { Box, SkeletonBodyText, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import type { CombinedError } from "urql";
import { FailureBanner } from "~/components/FailureBanner";
import { Pager } from "~/components/Pager";
import type { Paging } from "~/components/paging";
import styles from "./ListFrame.module.css";

/** What every list on this page shares: loading, failing, being empty, turning pages. */
export function ListFrame({
  list,
  error,
  retry,
  empty,
  paging,
  children,
}: {
  list:
    | { edges: readonly unknown[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }
    | undefined;
  error: CombinedError | undefined;
  retry: () => void;
  empty: { title: string; text: string };
  paging: Paging;
  children: ReactNode;
}) {
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
      <Box padding="1000">
        <Text as="h2" variant="headingMd" alignment="center">
          {empty.title}
        </Text>
        <Text as="p" tone="subdued" alignment="center">
          {empty.text}
        </Text>
      </Box>
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
