import { BlockStack, Box, Card, Checkbox, SkeletonBodyText, Text } from "@shopify/polaris";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useQuery } from "urql";
import { FailureBanner } from "~/components/FailureBanner";
import { Pager } from "~/components/Pager";
import { usePaging } from "~/components/paging";
import { useSearch } from "~/components/SearchField";
import { type ChangeFilter, ChangesDocument, type JobRowFragment } from "~/graphql/generated/graphql";
import { ChangeFilters, type Chosen as Filters, STATES } from "./ChangeFilters";
import { ChangeRow } from "./ChangeRow";
import styles from "./Changes.module.css";
import { Chosen, useChoice } from "./Chosen";
import { isActive } from "./jobState";

const PAGE = 50;
const RELOAD_MS = 2_000;

/** A job's changes with what was and what is, filtered by outcome and kind, searched, one page at a time. */
export function Changes({ job }: { job: JobRowFragment }) {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const [picked, setPicked] = useState<Filters>({
    outcome: params.get("show") === "HELD" ? "held" : null,
    lane: "",
    action: "",
    kind: null,
  });
  // Once the last change has left the chosen outcome, for instance by being rejected, all are shown again.
  const outcome = picked.outcome && job.counts[picked.outcome] > 0 ? picked.outcome : null;
  const { lane, action, kind } = picked;
  const paging = usePaging();
  const search = useSearch(paging.reset);
  const filter: ChangeFilter = {
    ...(outcome && { states: [...STATES[outcome]] }),
    ...(lane && { lanes: [lane] }),
    ...(kind ? { actions: [kind.action], fields: [kind.field] } : action && { actions: [action] }),
    ...(search.text && { search: search.text }),
  };
  const [{ data, error, fetching, stale }, reload] = useQuery({
    query: ChangesDocument,
    variables: { jobId: job.id, first: PAGE, after: paging.after, filter },
  });
  const readAgain = useCallback(() => reload({ requestPolicy: "network-only" }), [reload]);
  useReloadWhenCountsMove(job, readAgain);

  const changes = data?.job?.changes;
  const rows = changes?.edges.map((edge) => edge.node) ?? [];
  const filtered = Object.keys(filter).length > 0;
  const deciding = useChoice(job, rows);

  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t("changes.title")}
          </Text>
          <ChangeFilters
            job={job}
            chosen={{ ...picked, outcome }}
            search={search}
            onPick={(part) => {
              setPicked({ ...picked, ...part });
              paging.reset();
            }}
          />
          {deciding.possible && (
            <Checkbox label={t("detail.chooseAll")} checked={deciding.all} onChange={deciding.toggleAll} />
          )}
          {deciding.ids.length > 0 && <Chosen job={job} ids={deciding.ids} onDone={deciding.clear} />}
        </BlockStack>
      </Box>
      {error && (
        <Box padding="400">
          <FailureBanner error={error} retry={readAgain} />
        </Box>
      )}
      {!changes && fetching && (
        <Box padding="400">
          <SkeletonBodyText lines={10} />
        </Box>
      )}
      {changes && rows.length === 0 && (
        <Box padding="400">
          <Text as="p" tone="subdued" alignment="center">
            {t(filtered ? "changes.noneFound" : isActive(job.state) ? "changes.notYet" : "changes.none")}
          </Text>
        </Box>
      )}
      {rows.length > 0 && (
        <table className={styles.table} aria-busy={stale}>
          <thead>
            <tr>
              <th scope="col">{t("changes.product")}</th>
              <th scope="col">{t("changes.what")}</th>
              <th scope="col">{t("changes.before")}</th>
              <th scope="col">{t("changes.after")}</th>
              <th scope="col">{t("changes.outcome")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((change, index) => (
              <ChangeRow
                key={change.id}
                change={change}
                job={job}
                firstOfProduct={rows[index - 1]?.productId !== change.productId}
                chosen={deciding.isChosen(change.id)}
                onChoose={deciding.mayChoose(change) ? () => deciding.toggle(change.id) : null}
              />
            ))}
          </tbody>
        </table>
      )}
      {changes && (
        <Box padding="200">
          <Pager paging={paging} pageInfo={changes.pageInfo} />
        </Box>
      )}
    </Card>
  );
}

/** While a job runs its changes move: the page on screen is read again when the counts say so, every two seconds at most. */
function useReloadWhenCountsMove(job: JobRowFragment, reload: () => void): void {
  const { planned, held, applied, failed, skipped, undone, rejected } = job.counts;
  const fingerprint = [job.state, planned, held, applied, failed, skipped, undone, rejected].join();
  const shown = useRef(fingerprint);
  const readAt = useRef(0);
  const active = isActive(job.state);
  useEffect(() => {
    if (fingerprint === shown.current) return;
    const wait = active ? Math.max(0, readAt.current + RELOAD_MS - Date.now()) : 0;
    const timer = setTimeout(() => {
      shown.current = fingerprint;
      readAt.current = Date.now();
      reload();
    }, wait);
    return () => clearTimeout(timer);
  }, [fingerprint, active, reload]);
}
