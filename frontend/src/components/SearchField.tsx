import { Icon, TextField } from "@shopify/polaris";
import { SearchIcon } from "@shopify/polaris-icons";
import { useEffect, useState } from "react";

const TYPING_MS = 300;

export interface Search {
  typed: string;
  /** What was typed, once nothing more was typed for a moment: a list is not read for every letter. */
  text: string;
  type: (value: string) => void;
}

/** What a list is searched for; `onType` is for going back to its first page. */
export function useSearch(onType: () => void): Search {
  const [typed, setTyped] = useState("");
  const [text, setText] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setText(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return {
    typed,
    text,
    type: (value) => {
      setTyped(value);
      onType();
    },
  };
}

export function SearchField({
  search,
  label,
  placeholder = label,
}: {
  search: Search;
  label: string;
  /** What fits into the field, where the label is longer. */
  placeholder?: string;
}) {
  return (
    <TextField
      label={label}
      labelHidden
      placeholder={placeholder}
      prefix={<Icon source={SearchIcon} />}
      value={search.typed}
      onChange={search.type}
      autoComplete="off"
      maxLength={200}
      clearButton
      onClearButtonClick={() => search.type("")}
    />
  );
}
