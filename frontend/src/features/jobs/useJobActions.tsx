import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { toast } from "~/app/appBridge";
import { Confirm } from "~/components/Confirm";
import {
  CancelJobDocument,
  type JobRowFragment,
  RetryJobDocument,
  UndoJobDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";

export interface JobActionItem {
  content: string;
  destructive?: boolean;
  disabled?: boolean;
  onAction: () => void;
}

/** What the caller may do with a job, as menu items, and the question that the graver ones ask first (`dialog`). */
export function useJobActions(job: JobRowFragment): { items: readonly JobActionItem[]; dialog: ReactNode } {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [undoing, setUndoing] = useState(false);
  const cancel = useCommand(CancelJobDocument, { announce: true });
  const retry = useCommand(RetryJobDocument, { announce: true });
  const undo = useCommand(UndoJobDocument, { announce: true });

  const items: JobActionItem[] = [];
  for (const action of job.actions) {
    switch (action) {
      case "CANCEL":
        items.push({
          content: t("job.action.cancel"),
          disabled: cancel.running,
          onAction: async () => {
            if (await cancel.run({ id: job.id })) toast(t("job.toast.cancel"));
          },
        });
        break;
      case "RETRY":
        items.push({
          content: t("job.action.retry"),
          disabled: retry.running,
          onAction: async () => {
            const result = await retry.run({ id: job.id });
            if (!result) return;
            toast(t("job.toast.retry"));
            if (result.job) navigate(`/jobs/${result.job.id}`);
          },
        });
        break;
      case "UNDO":
        items.push({ content: t("job.action.undo"), destructive: true, onAction: () => setUndoing(true) });
        break;
    }
  }

  const dialog = undoing && (
    <Confirm
      title={t("undo.jobTitle")}
      text={t("undo.text", { shop: job.connection.dependent.domain })}
      action={t("job.action.undo")}
      destructive
      running={undo.running}
      onClose={() => setUndoing(false)}
      onConfirm={async () => {
        const result = await undo.run({ id: job.id });
        setUndoing(false);
        if (!result) return;
        toast(t("job.toast.undo"));
        if (result.job) navigate(`/jobs/${result.job.id}`);
      }}
    />
  );
  return { items, dialog };
}
