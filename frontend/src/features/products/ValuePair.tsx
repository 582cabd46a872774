import { Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { Value } from "~/features/jobs/Value";
import { shown } from "~/features/jobs/value";
import type { ConnectionRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";

interface Compared {
  field: string;
  mainValue: unknown;
  dependentValue: unknown;
}

/** What the main shop says and what the dependent says, side by side. */
export function ValuePair({ value, connection }: { value: Compared; connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const of = (side: unknown) =>
    shown({ action: actionOf(value.field), field: value.field }, side, connection.dependent.currency);
  return (
    <Text as="span" variant="bodySm">
      {t("difference.main")} <Value value={of(value.mainValue)} />
      {" · "}
      {format.label(connection.dependent.domain)} <Value value={of(value.dependentValue)} />
    </Text>
  );
}

/** The deed whose value looks like this one. */
function actionOf(field: string) {
  if (field === "PRODUCT") return "CREATE_PRODUCT";
  if (field === "VARIANT") return "CREATE_VARIANT";
  return field === "MEDIA" ? "ADD_MEDIA" : "SET";
}
