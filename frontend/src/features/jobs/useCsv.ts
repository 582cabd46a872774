import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "urql";
import { toast } from "~/app/appBridge";
import type { JobRowFragment } from "~/graphql/generated/graphql";
import { downloadChanges } from "./exportChanges";
import { isActive } from "./jobState";

/** The export of all changes of a job, as an action of a page or as a button of a list. */
export function useCsv(job: JobRowFragment): { content: string; disabled: boolean; onAction: () => void } {
  const { t } = useTranslation();
  const client = useClient();
  const [rows, setRows] = useState<number | null>(null);
  const download = async (): Promise<void> => {
    setRows(0);
    try {
      await downloadChanges(client, job.id, setRows);
    } catch {
      toast(t("csv.failed"), true);
    } finally {
      setRows(null);
    }
  };
  return {
    content: rows === null ? t("csv.export") : t("csv.running", { number: rows }),
    disabled: isActive(job.state) || rows !== null || job.counts.total === 0,
    onAction: () => void download(),
  };
}
