import { BlockStack, Button, Form, InlineGrid, InlineStack, Select } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { UserErrors } from "~/components/UserErrors";
import { type LocationsQuery, SaveMappingDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useErrorText } from "~/i18n/errorText";

type Place = "mainLocationId" | "dependentLocationId";
const PLACES: readonly string[] = ["mainLocationId", "dependentLocationId"];

/** A new mapping, or another place for one. Only places that are open are offered. */
export function MappingForm({
  data,
  connectionId,
  mapping,
  onClose,
}: {
  data: LocationsQuery;
  connectionId: string;
  mapping?: LocationsQuery["locationMappings"][number];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const save = useCommand(SaveMappingDocument);
  const taken = new Set(data.locationMappings.map((each) => each.main.id));
  const sources = data.mainLocations.filter(
    ({ id, isActive }) => isActive && (id === mapping?.main.id || !taken.has(id)),
  );
  const targets = data.dependentLocations.filter(({ isActive }) => isActive);
  const offered = (places: typeof targets, id: string | undefined): string =>
    places.some((place) => place.id === id) ? (id ?? "") : "";
  const [main, setMain] = useState(offered(sources, mapping?.main.id));
  const [dependent, setDependent] = useState(offered(targets, mapping?.dependent.id));

  const select = (place: Place, value: string, onChange: (value: string) => void, from: typeof targets) => {
    const refusal = save.errors.find((error) => error.field?.[0] === place);
    return (
      <Select
        label={t(place === "mainLocationId" ? "locations.main" : "locations.dependent")}
        value={value}
        error={refusal && errorText(refusal)}
        onChange={(chosen) => {
          onChange(chosen);
          save.clear();
        }}
        options={[
          { label: t("locations.choose"), value: "" },
          ...from.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    );
  };
  const write = async (): Promise<void> => {
    if (main === "" || dependent === "") return;
    const done = await save.run({
      connectionId,
      id: mapping?.id ?? null,
      mainLocationId: main,
      dependentLocationId: dependent,
    });
    if (!done) return;
    toast(t("locations.saved"));
    onClose();
  };
  return (
    <Form onSubmit={() => void write()}>
      <BlockStack gap="300">
        <UserErrors errors={save.errors.filter((error) => !PLACES.includes(error.field?.[0] ?? ""))} />
        <InlineGrid columns={{ xs: 1, sm: 2 }} gap="300">
          {select("mainLocationId", main, setMain, sources)}
          {select("dependentLocationId", dependent, setDependent, targets)}
        </InlineGrid>
        <InlineStack gap="200">
          <Button submit disabled={main === "" || dependent === ""} loading={save.running}>
            {t("locations.save")}
          </Button>
          <Button onClick={onClose} disabled={save.running}>
            {t("cancel")}
          </Button>
        </InlineStack>
      </BlockStack>
    </Form>
  );
}
