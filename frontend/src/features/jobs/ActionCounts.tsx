import { BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { ActionCountsDocument, type ChangeAction, type JobRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { useChangeName } from "./changeName";

/** A kind of change: an action, and of values also the field. */
export interface Kind {
  action: ChangeAction;
  field: string;
}

/** How many changes of each kind a job has, to be chosen from; many kinds of one job are few. */
export function ActionCounts({
  job,
  chosen,
  onPick,
}: {
  job: JobRowFragment;
  chosen: Kind | null;
  onPick: (kind: Kind | null) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useChangeName();
  const { total } = job.counts;
  const [{ data }, reload] = useQuery({
    query: ActionCountsDocument,
    variables: { id: job.id },
    requestPolicy: "cache-and-network",
    pause: total === 0,
  });
  const seen = useRef(total);
  useEffect(() => {
    if (total === seen.current) return;
    seen.current = total;
    reload({ requestPolicy: "network-only" });
  }, [total, reload]);
  const counted = data?.job?.counts.byAction;
  const kinds = useMemo(() => byKind(counted ?? []), [counted]);
  if (kinds.length === 0) return null;
  return (
    <fieldset style={{ margin: 0, padding: 0, border: 0, minInlineSize: 0 }}>
      <BlockStack gap="100">
        <Text as="legend" variant="bodySm" tone="subdued">
          {t("detail.byKind")}
        </Text>
        <InlineStack gap="200">
          {kinds.map((kind) => {
            const pressed = chosen?.action === kind.action && chosen.field === kind.field;
            return (
              <Button
                key={`${kind.action}.${kind.field}`}
                size="slim"
                pressed={pressed}
                onClick={() => onPick(pressed ? null : kind)}
              >
                {`${format.label(name({ ...kind, key: "" }))} ${format.number(kind.count)}`}
              </Button>
            );
          })}
        </InlineStack>
      </BlockStack>
    </fieldset>
  );
}

/** Counts by kind whatever became of them, in the order in which the server names them. */
export function byKind(
  counts: readonly { action: ChangeAction; field: string; count: number }[],
): readonly (Kind & { count: number })[] {
  const found = new Map<string, Kind & { count: number }>();
  for (const { action, field, count } of counts) {
    const key = `${action}.${field}`;
    const known = found.get(key);
    found.set(key, { action, field, count: (known?.count ?? 0) + count });
  }
  return [...found.values()];
}
