import { Badge, BlockStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import styles from "~/features/jobs/Changes.module.css";
import { useChangeName } from "~/features/jobs/changeName";
import { Value } from "~/features/jobs/Value";
import { shown } from "~/features/jobs/value";
import { WhyButton } from "~/features/trace/WhyButton";
import type { ConnectionRowFragment, SyncedRowFragment } from "~/graphql/generated/graphql";
import { useErrorText } from "~/i18n/errorText";

/** Values side by side: what main says, what the dependent should say by the rules, and what it does say. */
export function SyncedValues({
  values,
  title,
  connection,
}: {
  values: readonly SyncedRowFragment[];
  title: string;
  connection: ConnectionRowFragment;
}) {
  const { t } = useTranslation();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t("product.what")}</th>
          <th scope="col">{t("product.main")}</th>
          <th scope="col">{t("product.wanted")}</th>
          <th scope="col">{t("product.dependent")}</th>
          <th scope="col">{t("product.state")}</th>
        </tr>
      </thead>
      <tbody>
        {values.map((value) => (
          <ValueRow key={`${value.field}:${value.key}`} value={value} title={title} connection={connection} />
        ))}
      </tbody>
    </table>
  );
}

function ValueRow({
  value,
  title,
  connection,
}: {
  value: SyncedRowFragment;
  title: string;
  connection: ConnectionRowFragment;
}) {
  const { t } = useTranslation();
  const name = useChangeName();
  const errorText = useErrorText();
  const about = { action: "SET", field: value.field } as const;
  const { main, dependent } = connection;
  const { standing, code } = value;
  const { productId, variantId, field, key } = value;
  return (
    <tr>
      <td>
        <BlockStack gap="050">
          <Text as="span" fontWeight="medium">
            {name({ action: "SET", field, key })}
          </Text>
          {value.location && (
            <Text as="span" variant="bodySm" tone="subdued">
              {value.location.name}
            </Text>
          )}
        </BlockStack>
      </td>
      <td data-label={t("product.main")}>
        <Value value={shown(about, value.mainValue, main.currency)} />
      </td>
      <td data-label={t("product.wanted")}>
        <Value value={shown(about, value.wantedValue, dependent.currency)} />
      </td>
      <td data-label={t("product.dependent")}>
        <Value value={shown(about, value.dependentValue, dependent.currency)} />
      </td>
      <td>
        <BlockStack gap="100" inlineAlign="start">
          {standing === "MAIN" ? (
            <Badge tone={value.equal ? "success" : "attention"}>
              {t(value.equal ? "trace.equal" : "trace.differs")}
            </Badge>
          ) : (
            <Badge tone={standing === "PAUSED" ? "warning" : undefined}>
              {t(`trace.standing.${standing}`)}
            </Badge>
          )}
          {code && (
            <Text as="p" variant="bodySm">
              {errorText({ code, params: [] })}
            </Text>
          )}
          <WhyButton
            connectionId={connection.id}
            value={{ productId, variantId, field, key }}
            title={title}
          />
        </BlockStack>
      </td>
    </tr>
  );
}
