import {
  BlockStack,
  Box,
  Button,
  Card,
  InlineGrid,
  InlineStack,
  Select,
  SkeletonBodyText,
  Text,
  TextField,
} from "@shopify/polaris";
import { SearchIcon } from "@shopify/polaris-icons";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useQuery } from "urql";
import { FailureBanner } from "~/components/FailureBanner";
import { Pager } from "~/components/Pager";
import { usePaging } from "~/components/paging";
import {
  type ChangeFilter,
  type ChangeState,
  ChangesDocument,
  type JobRowFragment,
  type Lane,
} from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { ChangeRow } from "./ChangeRow";
import styles from "./Changes.module.css";
import { isActive, type Outcome, outcomesOf } from "./jobState";

const PAGE = 50;
const TYPING_MS = 300;
const RELOAD_MS = 2_000;
const LANES: readonly Lane[] = ["STOCK", "PRICE", "DETAILS"];
const STATES: Record<Outcome, readonly ChangeState[]> = {
  planned: ["PLANNED", "SENT"],
  held: ["HELD"],
  applied: ["APPLIED"],
  failed: ["FAILED"],
  skipped: ["SKIPPED"],
  undone: ["UNDONE"],
  rejected: ["REJECTED"],
};

/** A job's changes with what was and what is, filtered by outcome and kind, searched, one page at a time. */
export function Changes({ job }: { job: JobRowFragment }) {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const [picked, setPicked] = useState<Outcome | null>(params.get("show") === "HELD" ? "held" : null);
  // Once the last change has left the chosen outcome, for instance by being rejected, all are shown again.
  const outcome = picked && job.counts[picked] > 0 ? picked : null;
  const [lane, setLane] = useState<Lane | "">("");
  const [typed, setTyped] = useState("");
  const search = useSettled(typed.trim());
  const paging = usePaging();
  const filter: ChangeFilter = {
    ...(outcome && { states: [...STATES[outcome]] }),
    ...(lane && { lanes: [lane] }),
    ...(search && { search }),
  };
  const [{ data, error, fetching, stale }, reload] = useQuery({
    query: ChangesDocument,
    variables: { jobId: job.id, first: PAGE, after: paging.after, filter },
  });
  const readAgain = useCallback(() => reload({ requestPolicy: "network-only" }), [reload]);
  useReloadWhenCountsMove(job, readAgain);

  const changes = data?.job?.changes;
  const rows = changes?.edges.map((edge) => edge.node) ?? [];
  const filtered = outcome !== null || lane !== "" || search !== "";
  const pick = (next: Outcome | null): void => {
    setPicked(next === outcome ? null : next);
    paging.reset();
  };

  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd">
            {t("changes.title")}
          </Text>
          <Outcomes job={job} chosen={outcome} onPick={pick} />
          <InlineGrid columns={{ xs: 1, sm: "2fr 1fr" }} gap="200">
            <TextField
              label={t("changes.search")}
              labelHidden
              placeholder={t("changes.search")}
              prefix={<SearchIcon width={16} height={16} aria-hidden />}
              value={typed}
              onChange={(value) => {
                setTyped(value);
                paging.reset();
              }}
              autoComplete="off"
              maxLength={200}
              clearButton
              onClearButtonClick={() => setTyped("")}
            />
            <Select
              label={t("changes.lane")}
              labelHidden
              value={lane}
              onChange={(value) => {
                setLane(value as Lane | "");
                paging.reset();
              }}
              options={[
                { value: "", label: t("changes.allLanes") },
                ...LANES.map((value) => ({ value, label: t(`lane.${value}`) })),
              ]}
            />
          </InlineGrid>
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

function Outcomes({
  job,
  chosen,
  onPick,
}: {
  job: JobRowFragment;
  chosen: Outcome | null;
  onPick: (outcome: Outcome | null) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const outcomes = outcomesOf(job.counts);
  if (outcomes.length === 0) return null;
  return (
    <fieldset className={styles.outcomes}>
      <legend className="Polaris-Text--visuallyHidden">{t("changes.byOutcome")}</legend>
      <InlineStack gap="200">
        <Button pressed={chosen === null} onClick={() => onPick(null)}>
          {t("changes.all", { number: format.number(job.counts.total) })}
        </Button>
        {outcomes.map(({ outcome, count }) => (
          <Button key={outcome} pressed={chosen === outcome} onClick={() => onPick(outcome)}>
            {t(`job.outcome.${outcome}`, { count, number: format.number(count) })}
          </Button>
        ))}
      </InlineStack>
    </fieldset>
  );
}

/** Typing is over once nothing was typed for a moment: the list is not read for every letter. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
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
