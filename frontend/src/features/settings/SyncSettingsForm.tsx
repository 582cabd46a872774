import { Banner, BlockStack } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { toast } from "~/app/appBridge";
import { UserErrors } from "~/components/UserErrors";
import { useEndSetup } from "~/features/setup/useEndSetup";
import {
  type ConnectionRowFragment,
  type FailuresFragment,
  SaveSettingsDocument,
  type SettingsFragment,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useErrorText } from "~/i18n/errorText";
import { FieldGroups } from "./FieldGroups";
import { LimitsCard } from "./LimitsCard";
import { PriceRulesCard } from "./PriceRulesCard";
import { SaveBar } from "./SaveBar";
import { SavePreview } from "./SavePreview";
import { SelectionCard } from "./SelectionCard";
import { StockCard } from "./StockCard";
import { editsOf, problemsOf, type SettingsForm, toInput } from "./settingsForm";
import { type TargetResult, TargetResults } from "./TargetResults";
import { useSaveForOthers } from "./useSaveForOthers";
import { useSettingsForm } from "./useSettingsForm";

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
  asMain,
  reload,
}: {
  connection: ConnectionRowFragment;
  settings: SettingsFragment | null;
  editable: boolean;
  /** The main edits, and may do the same for other shops. */
  asMain: boolean;
  reload: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const endSetup = useEndSetup();
  const { form, saved, version, dirty, overtaken, edit, adopt } = useSettingsForm(connection, settings);
  const [previewing, setPreviewing] = useState(false);
  const [results, setResults] = useState<readonly TargetResult[]>([]);
  const save = useCommand(SaveSettingsDocument);
  const saveForOthers = useSaveForOthers();

  const first = version === 0;
  const valid = Object.keys(problemsOf(form)).length === 0;
  const input = first ? toInput(form) : editsOf(form, saved);
  const outdated = overtaken || save.errors.some((error) => error.code === "CONFLICTING_EDIT");
  const section: SectionProps = {
    form,
    problem: problemBeside(form, save.errors, (name) => t(`problem.${name}`), errorText),
    disabled: !editable,
    change: (part) => {
      edit(part);
      save.clear();
    },
  };

  const write = async (others: ReadonlyMap<string, string>): Promise<void> => {
    const result = await save.run({ connectionId: connection.id, input, expectedVersion: version });
    setPreviewing(false);
    if (!result) return;
    adopt(result.syncSettings);
    toast(t(result.job ? "settings.savedAndSyncing" : "settings.saved"));
    setResults(await saveForOthers(others, input));
    if (first && !asMain) navigate("/");
  };

  return (
    <BlockStack gap="400">
      {editable && (
        <SaveBar
          dirty={dirty}
          valid={valid && !outdated}
          onSave={() => setPreviewing(true)}
          onDiscard={() => {
            adopt(settings);
            save.clear();
          }}
        />
      )}
      {outdated && (
        <Banner
          tone="warning"
          title={t("rights.overtaken.title")}
          action={{
            content: t("rights.overtaken.action"),
            onAction: () => {
              adopt(settings);
              save.clear();
              reload();
            },
          }}
        >
          <p>{t("rights.overtaken.text")}</p>
        </Banner>
      )}
      <UserErrors
        errors={save.errors.filter(
          (error) => error.code !== "CONFLICTING_EDIT" && !hasAPlace(pathOf(error.field)),
        )}
      />
      <TargetResults results={results} onDismiss={() => setResults([])} />
      {first && editable && (
        <Banner
          tone="info"
          title={t("settings.firstTitle")}
          action={{
            content: t("settings.firstAction"),
            disabled: !valid,
            onAction: () => setPreviewing(true),
          }}
          secondaryAction={{
            content: t("settings.skip"),
            url: "/",
            onAction: endSetup,
          }}
        >
          <p>{t("settings.firstText")}</p>
        </Banner>
      )}
      <FieldGroups {...section} />
      <SelectionCard {...section} connection={connection} />
      {form.prices && <PriceRulesCard {...section} connection={connection} />}
      {form.quantities && <StockCard {...section} />}
      <LimitsCard {...section} />
      {previewing && (
        <SavePreview
          connection={connection}
          settings={input}
          forOthers={asMain && !first}
          saving={save.running}
          onSave={(others) => void write(others)}
          onClose={() => setPreviewing(false)}
        />
      )}
    </BlockStack>
  );
}

const PLACES: readonly string[] = [
  "products",
  "details",
  "metafieldNamespaces",
  "selection.includeTags",
  "selection.includeTypes",
  "selection.includeVendors",
  "selection.includeProductIds",
  "selection.excludeTags",
  "selection.excludeTypes",
  "selection.excludeVendors",
  "selection.excludeProductIds",
  "priceRules.conversionRate",
  "priceRules.percent",
  "priceRules.amount",
  "priceRules.ending",
  "stockBuffer",
  "stockCap",
  "brake.percent",
  "brake.count",
  "brake.pricePercent",
];

/** An error may name an entry of a list: it stands beside the list. */
function isAt(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`);
}

function hasAPlace(path: string): boolean {
  return PLACES.some((place) => isAt(path, place));
}

function pathOf(field: readonly string[] | null): string {
  return (field ?? []).filter((part) => part !== "input" && part !== "settings").join(".");
}

function problemBeside(
  form: SettingsForm,
  refusals: readonly FailuresFragment[],
  ownText: (name: NonNullable<ReturnType<typeof problemsOf>[string]>) => string,
  refusalText: (error: FailuresFragment) => string,
): SectionProps["problem"] {
  const own = problemsOf(form);
  return (place) => {
    const found = own[place];
    if (found) return ownText(found);
    const refusal = refusals.find((error) => isAt(pathOf(error.field), place));
    return refusal && refusalText(refusal);
  };
}
