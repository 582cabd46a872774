import { Banner, BlockStack, InlineStack, Modal, Text } from "@shopify/polaris";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { UserErrors } from "~/components/UserErrors";
import { Changes } from "~/features/jobs/Changes";
import { CsvButton } from "~/features/jobs/CsvButton";
import { JobOutcome } from "~/features/jobs/JobOutcome";
import { JobProgress } from "~/features/jobs/JobProgress";
import { isActive } from "~/features/jobs/jobState";
import { useLiveJob } from "~/features/jobs/live";
import {
  type ConnectionRowFragment,
  JobDocument,
  PreviewSyncDocument,
  type SyncSettingsInput,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { TargetChoices } from "./TargetChoices";

/**
 * What the settings would change, computed before they are saved; saving need not wait for it. With `forOthers` the same
 * edits can be saved for other shops of this main.
 */
export function SavePreview({
  connection,
  settings,
  forOthers,
  saving,
  onSave,
  onClose,
}: {
  connection: ConnectionRowFragment;
  settings: SyncSettingsInput;
  forOthers: boolean;
  saving: boolean;
  /** The other connections: domains by id. */
  onSave: (others: ReadonlyMap<string, string>) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [others, setOthers] = useState<ReadonlyMap<string, string>>(new Map());
  const preview = useCommand(PreviewSyncDocument);
  const jobId = useStarted(async () => {
    const result = await preview.run({ connectionId: connection.id, settings });
    return result?.job?.id ?? null;
  });
  const [{ data }, reload] = useQuery({
    query: JobDocument,
    variables: { id: jobId ?? "" },
    pause: jobId === null,
  });
  const job = jobId === null ? null : (data?.job ?? null);
  useLiveJob(job, () => reload({ requestPolicy: "network-only" }));
  const nothing = job?.state === "SUCCEEDED" && job.counts.total === 0;

  return (
    <Modal
      open
      size="large"
      title={t("savePreview.title")}
      onClose={onClose}
      primaryAction={{
        content: t(connection.state === "ACTIVE" ? "savePreview.save" : "settings.save"),
        loading: saving,
        onAction: () => onSave(others),
      }}
      secondaryActions={[{ content: t("savePreview.back"), onAction: onClose, disabled: saving }]}
    >
      <Modal.Section>
        <div aria-live="polite" style={{ minBlockSize: "4rem" }}>
          <BlockStack gap="300">
            <Text as="p">{t("savePreview.text")}</Text>
            <UserErrors errors={preview.errors} />
            {job && isActive(job.state) && <JobProgress job={job} />}
            {job && !isActive(job.state) && !nothing && (
              <InlineStack align="space-between" blockAlign="center" gap="200">
                <JobOutcome job={job} />
                {job.counts.total > 0 && <CsvButton job={job} />}
              </InlineStack>
            )}
            {nothing && (
              <Banner tone="success">
                <p>{t("job.previewNothing")}</p>
              </Banner>
            )}
          </BlockStack>
        </div>
      </Modal.Section>
      {job && !isActive(job.state) && job.counts.total > 0 && (
        <Modal.Section flush>
          <Changes job={job} />
        </Modal.Section>
      )}
      {forOthers && (
        <Modal.Section>
          <BlockStack gap="200">
            <Text as="h3" variant="headingSm">
              {t("rights.others.title")}
            </Text>
            <Text as="p" tone="subdued">
              {t("rights.others.text")}
            </Text>
            <TargetChoices except={connection.id} chosen={others} onChange={setOthers} />
          </BlockStack>
        </Modal.Section>
      )}
    </Modal>
  );
}

/** Runs `start` once when first shown; answers the id it came to. */
function useStarted(start: () => Promise<string | null>): string | null {
  const [id, setId] = useState<string | null>(null);
  const begun = useRef(false);
  const first = useRef(start);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void first.current().then(setId);
  }, []);
  return id;
}
