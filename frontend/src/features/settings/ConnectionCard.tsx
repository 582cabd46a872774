import { BlockStack, Button, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useSelf } from "~/app/self";
import { Sentence } from "~/components/Sentence";
import { ShopAddress } from "~/components/ShopAddress";
import type { ConnectionRowFragment } from "~/graphql/generated/graphql";
import { useFormat } from "~/i18n/format";
import { useDisconnect } from "./useDisconnect";
import { usePause } from "./usePause";

/** Who is connected since when; pausing, and the way out. */
export function ConnectionCard({ connection, own }: { connection: ConnectionRowFragment; own: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { refresh } = useSelf();
  const { pause, resume, running, dialog } = usePause(connection);
  const ending = useDisconnect(connection, () => {
    refresh();
    navigate("/");
  });
  const shops = { main: connection.main.domain, dependent: connection.dependent.domain };
  const other = own ? shops.main : shops.dependent;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("connection.title")}
        </Text>
        <Text as="p">
          <Sentence text={t("connection.text", { ...shops, date: format.dateTime(connection.createdAt) })} />
        </Text>
        <Text as="p">
          {t(own ? "rights.address.main" : "rights.address.dependent")}{" "}
          <Link url={`https://${other}`} external>
            <ShopAddress domain={other} />
          </Link>
        </Text>
        <InlineStack gap="200">
          {pause && (
            <Button onClick={pause} loading={running}>
              {t("rights.pause.pause")}
            </Button>
          )}
          {resume && (
            <Button onClick={resume} loading={running}>
              {t("rights.pause.resume")}
            </Button>
          )}
          {ending.disconnect && (
            <Button tone="critical" onClick={ending.disconnect}>
              {t("connection.disconnect")}
            </Button>
          )}
        </InlineStack>
      </BlockStack>
      {dialog}
      {ending.dialog}
    </Card>
  );
}
