import { Banner, List } from "@shopify/polaris";
import type { FailuresFragment } from "~/graphql/generated/graphql";
import { useErrorText } from "~/i18n/errorText";

/** Refusals that belong to no field on the screen. */
export function UserErrors({ errors }: { errors: readonly FailuresFragment[] }) {
  const errorText = useErrorText();
  if (errors.length === 0) return null;
  const texts = [...new Set(errors.map(errorText))];
  return (
    <Banner tone="critical">
      {texts.length === 1 ? (
        <p>{texts[0]}</p>
      ) : (
        <List>
          {texts.map((text) => (
            <List.Item key={text}>{text}</List.Item>
          ))}
        </List>
      )}
    </Banner>
  );
}
