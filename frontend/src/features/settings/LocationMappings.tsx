import {
  BlockStack,
  Box,
  Button,
  Card,
  InlineGrid,
  InlineStack,
  Select,
  SkeletonBodyText,
  Text,
} from "@shopify/polaris";
import { DeleteIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { toast } from "~/app/appBridge";
import { FailureBanner } from "~/components/FailureBanner";
import { UserErrors } from "~/components/UserErrors";
import {
  type ConnectionRowFragment,
  DeleteMappingDocument,
  LocationsDocument,
  type LocationsQuery,
  SaveMappingDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";

/** Which main location's stock goes to which location here; without any, the two default locations. */
export function LocationMappings({
  connection,
  editable,
}: {
  connection: ConnectionRowFragment;
  editable: boolean;
}) {
  const { t } = useTranslation();
  const [{ data, error }, reload] = useQuery({
    query: LocationsDocument,
    variables: {
      connectionId: connection.id,
      mainId: connection.main.id,
      dependentId: connection.dependent.id,
    },
  });
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("locations.title")}
          </Text>
          <Text as="p" tone="subdued">
            {t("locations.text")}
          </Text>
        </BlockStack>
        {error && <FailureBanner error={error} retry={() => reload({ requestPolicy: "network-only" })} />}
        {!data && !error && <SkeletonBodyText lines={3} />}
        {data && <Mappings data={data} connectionId={connection.id} editable={editable} />}
      </BlockStack>
    </Card>
  );
}

function Mappings({
  data,
  connectionId,
  editable,
}: {
  data: LocationsQuery;
  connectionId: string;
  editable: boolean;
}) {
  const { t } = useTranslation();
  const remove = useCommand(DeleteMappingDocument, { announce: true });
  const mappings = data.locationMappings;
  const primary = (locations: LocationsQuery["mainLocations"]): string =>
    locations.find((location) => location.isPrimary)?.name ?? "–";
  return (
    <BlockStack gap="300">
      {mappings.length === 0 && (
        <Text as="p">
          {t("locations.default", {
            main: primary(data.mainLocations),
            dependent: primary(data.dependentLocations),
          })}
        </Text>
      )}
      {mappings.map((mapping) => (
        <InlineStack key={mapping.id} gap="300" align="space-between" blockAlign="center">
          <Text as="p">
            {mapping.main.name} → {mapping.dependent.name}
          </Text>
          {editable && (
            <Button
              icon={DeleteIcon}
              variant="tertiary"
              tone="critical"
              accessibilityLabel={t("locations.removeOf", { main: mapping.main.name })}
              onClick={async () => {
                if (await remove.run({ id: mapping.id })) toast(t("locations.removed"));
              }}
            />
          )}
        </InlineStack>
      ))}
      {editable && <AddMapping data={data} connectionId={connectionId} />}
    </BlockStack>
  );
}

function AddMapping({ data, connectionId }: { data: LocationsQuery; connectionId: string }) {
  const { t } = useTranslation();
  const save = useCommand(SaveMappingDocument);
  const [main, setMain] = useState("");
  const [dependent, setDependent] = useState("");
  const taken = new Set(data.locationMappings.map((mapping) => mapping.main.id));
  const free = data.mainLocations.filter((location) => location.isActive && !taken.has(location.id));
  const targets = data.dependentLocations.filter((location) => location.isActive);
  const choice = { label: t("locations.choose"), value: "" };
  if (free.length === 0) return null;

  return (
    <Box paddingBlockStart="200">
      <BlockStack gap="300">
        <UserErrors errors={save.errors} />
        <InlineGrid columns={{ xs: 1, sm: "1fr 1fr auto" }} gap="300" alignItems="end">
          <Select
            label={t("locations.main")}
            value={main}
            onChange={setMain}
            options={[choice, ...free.map(({ id, name }) => ({ value: id, label: name }))]}
          />
          <Select
            label={t("locations.dependent")}
            value={dependent}
            onChange={setDependent}
            options={[choice, ...targets.map(({ id, name }) => ({ value: id, label: name }))]}
          />
          <Button
            disabled={main === "" || dependent === ""}
            loading={save.running}
            onClick={async () => {
              const variables = { connectionId, mainLocationId: main, dependentLocationId: dependent };
              if (!(await save.run(variables))) return;
              setMain("");
              setDependent("");
              toast(t("locations.saved"));
            }}
          >
            {t("locations.save")}
          </Button>
        </InlineGrid>
      </BlockStack>
    </Box>
  );
}
