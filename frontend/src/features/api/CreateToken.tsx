import { BlockStack, ChoiceList, Form, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/components/Dialog";
import { type ApiTokenScope, CreateApiTokenDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useErrorText } from "~/i18n/errorText";
import type { Fresh } from "./NewToken";

const SCOPES: readonly ApiTokenScope[] = ["READ", "WRITE"];

export function CreateToken({
  onCreated,
  onClose,
}: {
  onCreated: (token: Fresh) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<ApiTokenScope>("READ");
  const command = useCommand(CreateApiTokenDocument);
  const ofName = command.errors.find(({ field }) => field?.[0] === "name");

  const create = async (): Promise<void> => {
    if (command.running) return;
    const made = await command.run({ name, scope });
    if (made?.token && made.apiToken) {
      onCreated({ id: made.apiToken.id, name: made.apiToken.name, secret: made.token });
    }
  };

  return (
    <Dialog
      title={t("apiAccess.create")}
      action={t("apiAccess.create")}
      running={command.running}
      errors={command.errors.filter((error) => error !== ofName)}
      onAction={() => void create()}
      onClose={onClose}
    >
      <Form onSubmit={() => void create()} noValidate>
        <BlockStack gap="400">
          <TextField
            label={t("apiAccess.name")}
            helpText={t("apiAccess.nameHelp")}
            placeholder={t("apiAccess.namePlaceholder")}
            value={name}
            onChange={(value) => {
              setName(value);
              command.clear();
            }}
            autoComplete="off"
            autoFocus
            maxLength={100}
            error={ofName && errorText(ofName)}
          />
          <ChoiceList
            title={t("apiAccess.may")}
            choices={SCOPES.map((value) => ({
              value,
              label: t(`apiAccess.scope.${value}`),
              helpText: t(`apiAccess.scopeHelp.${value}`),
            }))}
            selected={[scope]}
            onChange={([chosen]) => setScope(chosen as ApiTokenScope)}
          />
        </BlockStack>
      </Form>
    </Dialog>
  );
}
