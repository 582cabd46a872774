import { useTranslation } from "react-i18next";
import type { ChangeRowFragment } from "~/graphql/generated/graphql";

type Named = Pick<ChangeRowFragment, "action" | "field" | "key">;

/** What a change does, in the page's language: the value it sets, or the deed it is. */
export function useChangeName(): (change: Named) => string {
  const { t, i18n } = useTranslation();
  return ({ action, field, key }) => {
    if (action !== "SET" && action !== "REORDER") return t(`change.action.${action}`);
    const name = i18n.exists(`field.${field}`) ? t(`field.${field as "TITLE"}`) : field;
    return field === "METAFIELD" && key ? `${name} ${key}` : name;
  };
}
