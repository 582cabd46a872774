import { Banner, BlockStack } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { toast } from "~/app/appBridge";
import { UserErrors } from "~/components/UserErrors";
import {
  type ConnectionRowFragment,
  SaveSettingsDocument,
  type SettingsFragment,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useErrorText } from "~/i18n/errorText";
import { FieldGroups } from "./FieldGroups";
import { LimitsCard } from "./LimitsCard";
import { PriceRulesCard } from "./PriceRulesCard";
import { SavePreview } from "./SavePreview";
import { SelectionCard } from "./SelectionCard";
import { StockCard } from "./StockCard";
import { isChanged, problemsOf, type SettingsForm, toForm, toInput } from "./settingsForm";

const SAVE_BAR = "settings-save-bar";

export interface SectionProps {
  form: SettingsForm;
  change: (part: Partial<SettingsForm>) => void;
  /** The text beside a field, by the API's path; undefined where it is fine. */
  problem: (path: string) => string | undefined;
  disabled: boolean;
}

/** The whole of a connection's sync settings. Saving shows first what it would change. */
export function SyncSettingsForm({
  connection,
  settings,
  editable,
}: {
  connection: ConnectionRowFragment;
  settings: SettingsFragment | null;
  editable: boolean;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const [saved, setSaved] = useState(() => toForm(settings));
  const [form, setForm] = useState(saved);
  const [previewing, setPreviewing] = useState(false);
  const save = useCommand(SaveSettingsDocument);

  const problems = problemsOf(form);
  const dirty = editable && isChanged(form, saved);
  const first = editable && settings === null;
  const valid = Object.keys(problems).length === 0;
  useSaveBar(dirty);

  const fieldOf = (field: readonly string[] | null): string =>
    (field ?? []).filter((part) => part !== "input" && part !== "settings").join(".");
  const problem = (path: string): string | undefined => {
    const own = problems[path];
    if (own) return t(`problem.${own}`);
    const refusal = save.errors.find((error) => fieldOf(error.field) === path);
    return refusal && errorText(refusal);
  };
  const section: SectionProps = {
    form,
    problem,
    disabled: !editable,
    change: (part) => {
      setForm({ ...form, ...part });
      save.clear();
    },
  };

  const write = async (): Promise<void> => {
    const result = await save.run({
      connectionId: connection.id,
      input: toInput(form),
      expectedVersion: settings?.version ?? 0,
    });
    setPreviewing(false);
    if (!result) return;
    setSaved(form);
    toast(t(result.job ? "settings.savedAndSyncing" : "settings.saved"));
    if (settings === null) navigate("/");
  };

  return (
    <BlockStack gap="400">
      {editable && (
        <ui-save-bar id={SAVE_BAR}>
          <button type="button" variant="primary" disabled={!valid} onClick={() => setPreviewing(true)}>
            {t("settings.save")}
          </button>
          <button
            type="button"
            onClick={() => {
              setForm(saved);
              save.clear();
            }}
          >
            {t("settings.discard")}
          </button>
        </ui-save-bar>
      )}
      <UserErrors errors={save.errors.filter((error) => !shownBesideField(fieldOf(error.field)))} />
      {first && (
        <Banner
          tone="info"
          title={t("settings.firstTitle")}
          action={{
            content: t("settings.firstAction"),
            disabled: !valid,
            onAction: () => setPreviewing(true),
          }}
          secondaryAction={{ content: t("settings.skip"), url: "/" }}
        >
          <p>{t("settings.firstText")}</p>
        </Banner>
      )}
      <FieldGroups {...section} />
      <SelectionCard {...section} />
      {form.prices && <PriceRulesCard {...section} connection={connection} />}
      {form.quantities && <StockCard {...section} />}
      <LimitsCard {...section} />
      {previewing && (
        <SavePreview
          connectionId={connection.id}
          settings={toInput(form)}
          saving={save.running}
          onSave={() => void write()}
          onClose={() => setPreviewing(false)}
        />
      )}
    </BlockStack>
  );
}

const FIELDS_WITH_A_PLACE: ReadonlySet<string> = new Set([
  "products",
  "details",
  "priceRules.conversionRate",
  "priceRules.percent",
  "priceRules.amount",
  "priceRules.ending",
  "stockBuffer",
  "stockCap",
  "brake.percent",
  "brake.count",
  "brake.pricePercent",
]);

function shownBesideField(path: string): boolean {
  return FIELDS_WITH_A_PLACE.has(path);
}

/** Shopify's own bar at the top of the admin; App Bridge shows it and asks before the page is left with changes. */
function useSaveBar(shown: boolean): void {
  useEffect(() => {
    const bar = window.shopify?.saveBar;
    if (!bar || !document.getElementById(SAVE_BAR)) return;
    void (shown ? bar.show(SAVE_BAR) : bar.hide(SAVE_BAR));
    return () => void bar.hide(SAVE_BAR);
  }, [shown]);
}
