import { BlockStack, Button, InlineGrid, InlineStack, Select } from "@shopify/polaris";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { type Search, SearchField } from "~/components/SearchField";
import type { ChangeAction, ChangeState, JobRowFragment, Lane } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { ActionCounts, type Kind } from "./ActionCounts";
import styles from "./Changes.module.css";
import { type Outcome, outcomesOf } from "./jobState";

const LANES: readonly Lane[] = ["STOCK", "PRICE", "DETAILS"];
export const STATES: Record<Outcome, readonly ChangeState[]> = {
  planned: ["PLANNED", "SENT"],
  held: ["HELD"],
  applied: ["APPLIED"],
  failed: ["FAILED"],
  skipped: ["SKIPPED"],
  undone: ["UNDONE"],
  rejected: ["REJECTED"],
};
const DEEDS = [
  "CREATE_PRODUCT",
  "RESTRUCTURE",
  "CREATE_VARIANT",
  "ADD_MEDIA",
  "SET_MEDIA",
  "REMOVE_MEDIA",
  "DELETE_VARIANT",
  "DELETE_PRODUCT",
  "BOOK",
] as const satisfies readonly ChangeAction[];
const ACTIONS: readonly ChangeAction[] = ["SET", ...DEEDS, "REORDER"];

function actionText(t: TFunction, action: ChangeAction): string {
  if (action === "SET") return t("detail.set");
  return action === "REORDER" ? t("detail.reorder") : t(`change.action.${action}`);
}

/** What the list of changes is narrowed down to. A kind says more than an action: one takes the other's place. */
export interface Chosen {
  outcome: Outcome | null;
  lane: Lane | "";
  action: ChangeAction | "";
  kind: Kind | null;
}

export function ChangeFilters({
  job,
  chosen,
  search,
  onPick,
}: {
  job: JobRowFragment;
  chosen: Chosen;
  search: Search;
  onPick: (part: Partial<Chosen>) => void;
}) {
  const { t } = useTranslation();
  const { outcome } = chosen;
  return (
    <BlockStack gap="300">
      <Outcomes
        job={job}
        chosen={outcome}
        onPick={(next) => onPick({ outcome: next === outcome ? null : next })}
      />
      <ActionCounts job={job} chosen={chosen.kind} onPick={(kind) => onPick({ kind, action: "" })} />
      <InlineGrid columns={{ xs: 1, sm: "2fr 1fr 1fr" }} gap="200">
        <SearchField search={search} label={t("changes.search")} />
        <Select
          label={t("changes.lane")}
          labelHidden
          value={chosen.lane}
          onChange={(value) => onPick({ lane: value as Lane | "" })}
          options={[
            { value: "", label: t("changes.allLanes") },
            ...LANES.map((value) => ({ value, label: t(`lane.${value}`) })),
          ]}
        />
        <Select
          label={t("detail.action")}
          labelHidden
          value={chosen.action}
          onChange={(value) => onPick({ action: value as ChangeAction | "", kind: null })}
          options={[
            { value: "", label: t("detail.allActions") },
            ...ACTIONS.map((value) => ({ value, label: actionText(t, value) })),
          ]}
        />
      </InlineGrid>
    </BlockStack>
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
