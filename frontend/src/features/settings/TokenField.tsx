import { BlockStack, Button, InlineStack, Tag, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const LONGEST = 255;

/** A list of short texts: typed one by one, or several with commas between; each can be taken away again. */
export function TokenField({
  label,
  help,
  values,
  error,
  disabled,
  onChange,
}: {
  label: string;
  help?: string;
  values: readonly string[];
  error?: string | undefined;
  disabled: boolean;
  onChange: (values: string[]) => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const add = (): void => {
    const fresh = typed
      .split(",")
      .map((text) => text.trim())
      .filter(Boolean);
    if (fresh.length > 0) onChange([...new Set([...values, ...fresh])]);
    setTyped("");
  };
  return (
    <BlockStack gap="150">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in the field inside adds what was typed */}
      <div
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          add();
        }}
      >
        <TextField
          label={label}
          helpText={help}
          error={error}
          value={typed}
          onChange={setTyped}
          onBlur={add}
          disabled={disabled}
          maxLength={LONGEST}
          autoComplete="off"
          connectedRight={
            <Button onClick={add} disabled={disabled || typed.trim() === ""}>
              {t("add")}
            </Button>
          }
        />
      </div>
      {values.length > 0 && (
        <InlineStack gap="150">
          {values.map((value) => (
            <Tag
              key={value}
              disabled={disabled}
              onRemove={() => onChange(values.filter((one) => one !== value))}
            >
              {value}
            </Tag>
          ))}
        </InlineStack>
      )}
    </BlockStack>
  );
}
