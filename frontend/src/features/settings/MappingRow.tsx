import { Badge, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { DeleteIcon, EditIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { Confirm } from "~/components/Confirm";
import { DeleteMappingDocument, type LocationsQuery } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { MappingForm } from "./MappingForm";

/** One mapping; a place that is closed says what that means for it. */
export function MappingRow({
  mapping,
  data,
  connectionId,
  editable,
}: {
  mapping: LocationsQuery["locationMappings"][number];
  data: LocationsQuery;
  connectionId: string;
  editable: boolean;
}) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const [asking, setAsking] = useState(false);
  const remove = useCommand(DeleteMappingDocument, { announce: true });
  const { main, dependent } = mapping;
  const name = (place: { name: string }): string => place.name || t("rights.locations.gone");
  const last = data.locationMappings.length === 1;

  if (editing) {
    return (
      <MappingForm
        data={data}
        connectionId={connectionId}
        mapping={mapping}
        onClose={() => setEditing(false)}
      />
    );
  }
  return (
    <BlockStack gap="100">
      <InlineStack gap="300" align="space-between" blockAlign="center" wrap={false}>
        <InlineStack gap="200" blockAlign="center">
          <Text as="p">
            {name(main)} → {name(dependent)}
          </Text>
          {!(main.isActive && dependent.isActive) && (
            <Badge tone="warning">{t("rights.locations.inactive")}</Badge>
          )}
        </InlineStack>
        {editable && (
          <InlineStack gap="100" wrap={false}>
            <Button
              icon={EditIcon}
              variant="tertiary"
              accessibilityLabel={t("rights.locations.changeOf", { main: name(main) })}
              onClick={() => setEditing(true)}
            />
            <Button
              icon={DeleteIcon}
              variant="tertiary"
              tone="critical"
              accessibilityLabel={t("locations.removeOf", { main: name(main) })}
              onClick={() => setAsking(true)}
            />
          </InlineStack>
        )}
      </InlineStack>
      {!(main.isActive && dependent.isActive) && (
        <Text as="p" tone="subdued">
          {t(dependent.isActive ? "rights.locations.inactiveMain" : "rights.locations.inactiveDependent")}
        </Text>
      )}
      {asking && (
        <Confirm
          title={t("locations.removeOf", { main: name(main) })}
          text={t(last ? "rights.locations.removeLast" : "rights.locations.remove")}
          action={t("rights.locations.removeAction")}
          destructive
          running={remove.running}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            const done = await remove.run({ id: mapping.id });
            setAsking(false);
            if (done) toast(t("locations.removed"));
          }}
        />
      )}
    </BlockStack>
  );
}
