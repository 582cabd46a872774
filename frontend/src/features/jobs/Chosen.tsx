import { Button, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { toast } from "~/app/appBridge";
import {
  type ChangeRowFragment,
  ConfirmChangesDocument,
  type JobRowFragment,
  RejectChangesDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";

/** The waiting changes of the page on screen that were chosen, to be decided on together. */
export function useChoice(job: JobRowFragment, rows: readonly ChangeRowFragment[]) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const decides = job.kind !== "PREVIEW" && job.actions.includes("CONFIRM");
  const mayChoose = (change: ChangeRowFragment): boolean => decides && change.state === "HELD";
  const waiting = rows.filter(mayChoose).map((row) => row.id);
  const ids = waiting.filter((id) => chosen.has(id));
  const all = waiting.length > 0 && ids.length === waiting.length;
  return {
    ids,
    all,
    possible: waiting.length > 1,
    mayChoose,
    isChosen: (id: string) => chosen.has(id),
    toggle: (id: string) => {
      const next = new Set(chosen);
      if (!next.delete(id)) next.add(id);
      setChosen(next);
    },
    toggleAll: () => setChosen(new Set(all ? [] : waiting)),
    clear: () => setChosen(new Set()),
  };
}

/** Decides on several waiting changes together. */
export function Chosen({
  job,
  ids,
  onDone,
}: {
  job: JobRowFragment;
  ids: readonly string[];
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const confirm = useCommand(ConfirmChangesDocument, { announce: true });
  const reject = useCommand(RejectChangesDocument, { announce: true });
  const changeIds = [...ids];
  return (
    <InlineStack gap="200" blockAlign="center">
      <div aria-live="polite">
        <Text as="span">{t("detail.chosen", { count: ids.length, number: format.number(ids.length) })}</Text>
      </div>
      <Button
        variant="primary"
        loading={confirm.running}
        disabled={reject.running}
        onClick={async () => {
          const result = await confirm.run({ jobId: job.id, changeIds });
          if (!result) return;
          onDone();
          toast(t("held.confirmed"));
          if (result.job) navigate(`/jobs/${result.job.id}`);
        }}
      >
        {t("detail.confirmChosen")}
      </Button>
      <Button
        loading={reject.running}
        disabled={confirm.running}
        onClick={async () => {
          if (!(await reject.run({ jobId: job.id, changeIds }))) return;
          onDone();
          toast(t("held.rejected"));
        }}
      >
        {t("detail.rejectChosen")}
      </Button>
    </InlineStack>
  );
}
