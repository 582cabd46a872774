import { Button, ChoiceList, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { appBridge, toast } from "~/app/appBridge";
import { Dialog } from "~/components/Dialog";
import { type ConflictRowFragment, LinkConflictDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";
import { numberOf, productId } from "./adminLinks";
import { useDecided } from "./planRoom";

/** Says which product here a main product is: one that the matching found, one picked in Shopify, or one given by its address. */
export function LinkDialog({ conflict, onClose }: { conflict: ConflictRowFragment; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const link = useCommand(LinkConflictDocument);
  const decided = useDecided();
  const [candidate, setCandidate] = useState<string | null>(conflict.candidates[0]?.productId ?? null);
  const [typed, setTyped] = useState("");
  const chosen = typed.trim() === "" ? candidate : productId(typed);

  const pick = async (): Promise<void> => {
    const picked = await appBridge()?.resourcePicker({
      type: "product",
      query: conflict.title,
      filter: { variants: false },
    });
    if (picked?.[0]) setTyped(picked[0].id);
  };
  const confirm = async (): Promise<void> => {
    if (chosen === null) return;
    const made = await link.run({ id: conflict.id, dependentProductId: chosen });
    if (!made) return;
    toast(decided(made, t("conflict.linked"), "unlinked.waits"));
    onClose();
  };

  return (
    <Dialog
      title={t("link.title", { title: conflict.title })}
      action={t("link.action")}
      disabled={chosen === null}
      running={link.running}
      errors={link.errors}
      onAction={() => void confirm()}
      onClose={onClose}
    >
      <Text as="p">{t("link.text")}</Text>
      {conflict.candidates.length > 0 && (
        <ChoiceList
          title={t("link.candidates")}
          selected={typed.trim() === "" && candidate ? [candidate] : []}
          onChange={([value]) => {
            setCandidate(value ?? null);
            setTyped("");
          }}
          choices={conflict.candidates.map((one) => ({
            value: one.productId,
            label: one.title || numberOf(one.productId),
            helpText: format.list(one.skus.slice(0, 6)),
          }))}
        />
      )}
      <TextField
        label={t("link.other")}
        helpText={t("link.otherHelp")}
        value={typed}
        onChange={setTyped}
        autoComplete="off"
        maxLength={300}
        error={typed.trim() !== "" && chosen === null ? t("link.notAProduct") : undefined}
        connectedRight={<Button onClick={() => void pick()}>{t("link.pick")}</Button>}
      />
    </Dialog>
  );
}
