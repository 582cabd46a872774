import { useTranslation } from "react-i18next";
import type { FailuresFragment } from "~/graphql/generated/graphql";

/** The text of an error code in the page's language, with what to do; a code the page does not know shows the server's message. */
export function useErrorText(): (
  error: Pick<FailuresFragment, "code"> & Partial<Pick<FailuresFragment, "params" | "message">>,
) => string {
  const { t, i18n } = useTranslation();
  return ({ code, params = [], message }): string => {
    if (!i18n.exists(`errors.${code}`)) return message || t("failure.internal.text", { id: code });
    const replace = Object.fromEntries(params.map(({ name, value }) => [name, value]));
    return t(`errors.${code}` as "errors.INTERNAL", { replace });
  };
}
