import { BlockStack, Modal, SkeletonBodyText, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useQuery } from "urql";
import { FailureBanner } from "~/components/FailureBanner";
import { useChangeName } from "~/features/jobs/changeName";
import { numberOf } from "~/features/products/adminLinks";
import { ValueTraceDocument } from "~/graphql/generated/graphql";
import { TraceHistory } from "./TraceHistory";
import { TraceTimeline } from "./TraceTimeline";
import type { ValueName } from "./traceable";

/** Why a value is what it is: event, rule, change, call and answer, with times; then all its changes. */
export default function TraceDialog({
  connectionId,
  value,
  onClose,
}: {
  connectionId: string;
  value: ValueName;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const name = useChangeName();
  const [{ data, error }, reload] = useQuery({
    query: ValueTraceDocument,
    variables: { connectionId, ...value },
    requestPolicy: "network-only",
  });
  const trace = data?.valueTrace;
  const connection = data?.connection;
  const what = name({ action: "SET", field: value.field, key: value.key });
  return (
    <Modal
      open
      title={t("trace.title")}
      onClose={onClose}
      secondaryActions={
        trace && trace.cause !== "NOT_LINKED"
          ? [
              {
                content: t("trace.openProduct"),
                onAction: () => {
                  onClose();
                  navigate(`/connections/${connectionId}/products/${numberOf(value.productId)}`);
                },
              },
            ]
          : undefined
      }
    >
      <Modal.Section>
        <div aria-live="polite" aria-busy={!trace && !error}>
          {error && <FailureBanner error={error} retry={() => reload({ requestPolicy: "network-only" })} />}
          {!trace && !error && <SkeletonBodyText lines={12} />}
          {trace && connection && (
            <BlockStack gap="400">
              <Text as="h2" variant="headingSm" breakWord>
                {[
                  trace.sku ? `${trace.title} (${trace.sku})` : trace.title,
                  what,
                  ...(trace.value.location?.name ? [trace.value.location.name] : []),
                ].join(" · ")}
              </Text>
              <TraceTimeline trace={trace} connection={connection} />
              <TraceHistory connectionId={connectionId} value={value} connection={connection} />
            </BlockStack>
          )}
        </div>
      </Modal.Section>
    </Modal>
  );
}
