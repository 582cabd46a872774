import { BlockStack, InlineStack, SkeletonBodyText, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { Pager } from "~/components/Pager";
import { usePaging } from "~/components/paging";
import { ChangeStateBadge } from "~/components/StateBadge";
import { ValueHistoryDocument } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import styles from "./Timeline.module.css";
import { BeforeAfter, type Connection } from "./TraceTimeline";
import type { ValueName } from "./traceable";

/** All changes of one value that are kept, newest first, some at a time. */
export function TraceHistory({
  connectionId,
  value,
  connection,
}: {
  connectionId: string;
  value: ValueName;
  connection: Connection;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const paging = usePaging();
  const [{ data }] = useQuery({
    query: ValueHistoryDocument,
    variables: { connectionId, ...value, after: paging.after },
    requestPolicy: "network-only",
  });
  const history = data?.valueTrace.history;
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {t("trace.earlier")}
      </Text>
      {!history && <SkeletonBodyText lines={3} />}
      {history?.edges.length === 0 && (
        <Text as="p" tone="subdued">
          {t("trace.noChange")}
        </Text>
      )}
      {history && history.edges.length > 0 && (
        <ul className={styles.history}>
          {history.edges.map(({ node }) => (
            <li key={node.id}>
              <InlineStack gap="200" blockAlign="center" align="space-between">
                <BeforeAfter change={node} connection={connection} planned={node.state !== "APPLIED"} />
                <InlineStack gap="200" blockAlign="center">
                  <ChangeStateBadge state={node.state} />
                  <Text as="span" variant="bodySm" tone="subdued">
                    {format.exactTime(node.appliedAt ?? node.job.createdAt)}
                  </Text>
                </InlineStack>
              </InlineStack>
            </li>
          ))}
        </ul>
      )}
      {history && <Pager paging={paging} pageInfo={history.pageInfo} />}
    </BlockStack>
  );
}
