import { Banner } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { toast } from "~/app/appBridge";
import { Sentence } from "~/components/Sentence";
import {
  ConfirmChangesDocument,
  type JobRowFragment,
  RejectChangesDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useFormat } from "~/i18n/format";

/** What the safety limits hold back, to be decided together. */
export function HeldBanner({ job }: { job: JobRowFragment }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const confirm = useCommand(ConfirmChangesDocument, { announce: true });
  const reject = useCommand(RejectChangesDocument, { announce: true });
  const count = job.counts.held;
  if (count === 0) return null;

  return (
    <Banner
      tone="warning"
      title={t("held.title", { count, number: format.number(count) })}
      action={
        job.actions.includes("CONFIRM")
          ? {
              content: t("held.confirmAll"),
              loading: confirm.running,
              onAction: async () => {
                const result = await confirm.run({ jobId: job.id, changeIds: null });
                if (!result) return;
                toast(t("held.confirmed"));
                if (result.job) navigate(`/jobs/${result.job.id}`);
              },
            }
          : undefined
      }
      secondaryAction={
        job.actions.includes("REJECT")
          ? {
              content: t("held.rejectAll"),
              onAction: async () => {
                if (await reject.run({ jobId: job.id, changeIds: null })) toast(t("held.rejected"));
              },
            }
          : undefined
      }
    >
      <p>{t("held.text")}</p>
      {!job.actions.includes("CONFIRM") && (
        <p>
          <Sentence text={t("held.askDependent", { shop: job.connection.dependent.domain })} />
        </p>
      )}
    </Banner>
  );
}
