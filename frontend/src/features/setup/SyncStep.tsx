import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { Redirect } from "~/app/Redirect";
import { FailureBanner } from "~/components/FailureBanner";
import { CardSkeleton } from "~/components/PageSkeleton";
import { SyncSettingsForm } from "~/features/settings/SyncSettingsForm";
import { ConnectionSettingsDocument } from "~/graphql/generated/graphql";
import { StepFrame } from "./StepFrame";

/** A dependent chooses what to receive, or leaves it for later: until then nothing is written. */
export default function SyncStep({ connectionId }: { connectionId: string }) {
  const { t } = useTranslation();
  const [{ data, error }, read] = useQuery({
    query: ConnectionSettingsDocument,
    variables: { connectionId },
  });
  const reload = () => read({ requestPolicy: "network-only" });
  const connection = data?.connection;
  if (connection?.syncSettings) return <Redirect to="/" />;
  return (
    <StepFrame of="DEPENDENT" step="sync" title={t("onboarding.syncTitle")} wide>
      {error && <FailureBanner error={error} retry={reload} />}
      {!connection && !error && <CardSkeleton lines={8} />}
      {connection && (
        <SyncSettingsForm connection={connection} settings={null} editable asMain={false} reload={reload} />
      )}
    </StepFrame>
  );
}
