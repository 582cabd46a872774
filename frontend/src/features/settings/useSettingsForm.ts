import { useState } from "react";
import type { ConnectionRowFragment, SettingsFragment } from "~/graphql/generated/graphql";
import { type Currencies, isChanged, type SettingsForm, toForm } from "./settingsForm";

export interface EditedSettings {
  form: SettingsForm;
  /** As they were when the editing began. */
  saved: SettingsForm;
  /** The version that is edited, 0 before the first. */
  version: number;
  dirty: boolean;
  /** Somebody else has saved since, and what is typed here would be lost by showing it. */
  overtaken: boolean;
  edit: (part: Partial<SettingsForm>) => void;
  /** Start anew from these. */
  adopt: (settings: SettingsFragment | null) => void;
}

/**
 * The form of a connection's settings, which may be saved elsewhere while somebody types here: newer ones are shown at
 * once where nothing was edited.
 */
export function useSettingsForm(
  connection: ConnectionRowFragment,
  latest: SettingsFragment | null,
): EditedSettings {
  const currencies: Currencies = {
    main: connection.main.currency,
    dependent: connection.dependent.currency,
  };
  const [base, setBase] = useState(latest);
  const [form, setForm] = useState(() => toForm(latest, currencies));
  const saved = toForm(base, currencies);
  const dirty = isChanged(form, saved);
  const adopt = (settings: SettingsFragment | null): void => {
    setBase(settings);
    setForm(toForm(settings, currencies));
  };
  const newer = (latest?.version ?? 0) > (base?.version ?? 0);
  if (newer && !dirty) adopt(latest);
  return {
    form,
    saved,
    version: base?.version ?? 0,
    dirty,
    overtaken: newer && dirty,
    edit: (part) => setForm({ ...form, ...part }),
    adopt,
  };
}
