import { BlockStack, Button, Card, Divider, SkeletonBodyText, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { FailureBanner } from "~/components/FailureBanner";
import {
  type ConnectionRowFragment,
  LocationsDocument,
  type LocationsQuery,
} from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { MappingForm } from "./MappingForm";
import { MappingRow } from "./MappingRow";

/** Which main location's stock goes to which location of the dependent; without any, the two default locations. */
export function LocationMappings({
  connection,
  editable,
  own,
}: {
  connection: ConnectionRowFragment;
  editable: boolean;
  own: boolean;
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
          {!own && (
            <Text as="p" tone="subdued">
              {t(editable ? "rights.locations.ofDependent" : "rights.locations.readOnly", {
                shop: connection.dependent.domain,
              })}
            </Text>
          )}
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
  const [adding, setAdding] = useState(false);
  const mappings = data.locationMappings;
  const primary = (locations: LocationsQuery["mainLocations"]): string =>
    locations.find((location) => location.isPrimary)?.name ?? "–";
  const taken = new Set(mappings.map((mapping) => mapping.main.id));
  const free = data.mainLocations.some((location) => location.isActive && !taken.has(location.id));
  const close = (): void => setAdding(false);
  return (
    <BlockStack gap="300">
      {mappings.length === 0 && (
        <BlockStack gap="100">
          <Text as="p">
            {t("locations.default", {
              main: primary(data.mainLocations),
              dependent: primary(data.dependentLocations),
            })}
          </Text>
          <Text as="p" tone="subdued">
            {t("rights.locations.defaultText")}
          </Text>
        </BlockStack>
      )}
      {mappings.map((mapping, index) => (
        <BlockStack key={mapping.id} gap="300">
          {index > 0 && <Divider />}
          <MappingRow mapping={mapping} data={data} connectionId={connectionId} editable={editable} />
        </BlockStack>
      ))}
      <Closed data={data} />
      {editable && adding && <MappingForm data={data} connectionId={connectionId} onClose={close} />}
      {editable && !adding && free && (
        <div>
          <Button onClick={() => setAdding(true)}>{t("rights.locations.add")}</Button>
        </div>
      )}
      {editable && !free && mappings.length > 0 && (
        <Text as="p" tone="subdued">
          {t("rights.locations.allMapped")}
        </Text>
      )}
    </BlockStack>
  );
}

/** Why a location that a person looks for is not offered. */
function Closed({ data }: { data: LocationsQuery }) {
  const { t } = useTranslation();
  const format = useFormat();
  const closed = [...data.mainLocations, ...data.dependentLocations].filter((place) => !place.isActive);
  if (closed.length === 0) return null;
  return (
    <Text as="p" tone="subdued">
      {t("rights.locations.closed", {
        count: closed.length,
        names: format.list(closed.map(({ name }) => name)),
      })}
    </Text>
  );
}
