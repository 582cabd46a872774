import { Autocomplete, Box, Select } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useConnections } from "~/features/connections/useConnections";

/** More shops than this are searched and not looked through. */
const FEW = 12;
const SHOWN = 50;

interface Option {
  value: string;
  label: string;
}

/** Whose products are shown, for a main with several dependents. */
export function DependentChoice({ connectionId }: { connectionId: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { connections = [] } = useConnections();
  if (connections.length < 2) return null;
  const options = connections.map(({ id, dependent }) => ({ value: id, label: dependent.domain }));
  const choose = (id: string): void => void navigate(`/connections/${id}/products`);
  return (
    <Box paddingInline={{ xs: "400", sm: "0" }}>
      {options.length <= FEW ? (
        <Select label={t("role.DEPENDENT")} value={connectionId} options={options} onChange={choose} />
      ) : (
        <Search options={options} chosen={connectionId} onChoose={choose} />
      )}
    </Box>
  );
}

function Search({
  options,
  chosen,
  onChoose,
}: {
  options: readonly Option[];
  chosen: string;
  onChoose: (id: string) => void;
}) {
  const { t } = useTranslation();
  /** Null while nobody searches: the field says what is chosen. */
  const [typed, setTyped] = useState<string | null>(null);
  const [shown, setShown] = useState(SHOWN);
  const wanted = (typed ?? "").trim().toLowerCase();
  const found = options.filter(({ label }) => label.includes(wanted));
  const close = (): void => {
    setTyped(null);
    setShown(SHOWN);
  };
  return (
    <Autocomplete
      options={found.slice(0, shown)}
      selected={[chosen]}
      willLoadMoreResults={found.length > shown}
      onLoadMoreResults={() => setShown(shown + SHOWN)}
      emptyState={t("choosing.noShop")}
      onSelect={([id]) => {
        close();
        if (id) onChoose(id);
      }}
      textField={
        <Autocomplete.TextField
          label={t("role.DEPENDENT")}
          placeholder={t("choosing.searchShops", { number: options.length })}
          value={typed ?? options.find(({ value }) => value === chosen)?.label ?? ""}
          onFocus={() => setTyped("")}
          onBlur={close}
          onChange={setTyped}
          autoComplete="off"
          maxLength={200}
        />
      }
    />
  );
}
