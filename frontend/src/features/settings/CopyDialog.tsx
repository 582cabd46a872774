import { BlockStack, Checkbox, List, Modal, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useMutation } from "urql";
import { Dialog } from "~/components/Dialog";
import { FailureBanner } from "~/components/FailureBanner";
import { Nothing } from "~/components/Nothing";
import { Sentence } from "~/components/Sentence";
import { UserErrors } from "~/components/UserErrors";
import { useConnections } from "~/features/connections/useConnections";
import { type ConnectionRowFragment, CopySettingsDocument } from "~/graphql/generated/graphql";
import { TargetChoices } from "./TargetChoices";
import { type TargetResult, TargetResults } from "./TargetResults";

/** One dependent's settings for others that have delegated. Stays open to say what became of each. */
export function CopyDialog({
  connection,
  onClose,
}: {
  connection: ConnectionRowFragment;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  const [startSync, setStartSync] = useState(true);
  const [results, setResults] = useState<readonly TargetResult[] | null>(null);
  const [{ data, error, fetching }, execute] = useMutation(CopySettingsDocument);

  const { connections } = useConnections();
  const alone = connections?.every(({ id }) => id === connection.id) ?? false;
  const title = t("rights.copy.title", { shop: connection.dependent.domain });
  const targets = [...chosen.keys()];
  const run = async (): Promise<void> => {
    const variables = { fromConnectionId: connection.id, toConnectionIds: targets, startSync };
    const payload = (await execute(variables)).data?.copySettings;
    if (!payload?.copies) return;
    const { copies, userErrors } = payload;
    setResults(
      targets.map((id, index) => {
        const done = copies.find((each) => each.connection.id === id);
        const errors = userErrors.filter(({ field }) => field?.[1] === String(index));
        return { shop: chosen.get(id) ?? "", failed: !done, errors, warnings: done?.warnings ?? [] };
      }),
    );
  };

  if (alone) {
    return (
      <Dialog title={title} action={t("shops.add")} onAction={() => navigate("/settings")} onClose={onClose}>
        <Nothing heading="h3" title={t("rights.targets.none")} text={t("rights.copy.alone")} />
      </Dialog>
    );
  }
  return (
    <Modal
      open
      title={<Sentence text={title} />}
      onClose={onClose}
      primaryAction={
        results
          ? { content: t("rights.copy.close"), onAction: onClose }
          : {
              content: t("rights.copy.action", { count: targets.length }),
              disabled: targets.length === 0,
              loading: fetching,
              onAction: () => void run(),
            }
      }
      secondaryActions={results ? [] : [{ content: t("cancel"), onAction: onClose, disabled: fetching }]}
    >
      <Modal.Section>
        <div aria-live="polite">
          {results ? (
            <TargetResults results={results} />
          ) : (
            <BlockStack gap="400">
              {error && <FailureBanner error={error} retry={() => void run()} />}
              {data && !data.copySettings.copies && <UserErrors errors={data.copySettings.userErrors} />}
              <List>
                <List.Item>{t("rights.copy.what")}</List.Item>
                <List.Item>{t("rights.copy.money")}</List.Item>
                <List.Item>{t("rights.copy.locations")}</List.Item>
              </List>
              <BlockStack gap="200">
                <Text as="h3" variant="headingSm">
                  {t("rights.copy.to")}
                </Text>
                <TargetChoices except={connection.id} chosen={chosen} onChange={setChosen} />
              </BlockStack>
              <Checkbox
                label={t("rights.copy.startSync")}
                helpText={t("rights.copy.startSyncHelp")}
                checked={startSync}
                onChange={setStartSync}
              />
            </BlockStack>
          )}
        </div>
      </Modal.Section>
    </Modal>
  );
}
