import { TextField, type TextFieldProps } from "@shopify/polaris";
import { useFormat } from "~/i18n/format";

/** A number, shown as the language writes it and typed with a comma or a point; its value has a point. */
export function DecimalField({
  value,
  onChange,
  ...rest
}: Omit<TextFieldProps, "value" | "onChange" | "autoComplete" | "inputMode"> & {
  value: string;
  onChange: (value: string) => void;
}) {
  const { decimalPoint } = useFormat();
  return (
    <TextField
      {...rest}
      value={value.replace(".", decimalPoint)}
      onChange={(typed) => onChange(typed.replace(",", "."))}
      inputMode="decimal"
      autoComplete="off"
    />
  );
}
