import { Banner, BlockStack } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { CombinedError } from "urql";
import { useOnceOver } from "~/app/recovery";
import { failureOf } from "~/graphql/failure";
import { useErrorText } from "~/i18n/errorText";
import { SupportContact } from "./SupportContact";

/** A request that failed as a whole: what happened, and the way on. Tries again by itself once the server answers. */
export function FailureBanner({ error, retry }: { error: CombinedError; retry: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const failure = failureOf(error);
  useOnceOver(retry);
  if (failure.kind === "coded") {
    return <Banner tone="critical" title={errorText({ code: failure.code })} />;
  }
  const action =
    failure.kind === "session"
      ? { content: t("failure.reload"), onAction: () => window.location.reload() }
      : { content: t("failure.retry"), onAction: retry };
  return (
    <Banner
      tone={failure.kind === "internal" ? "critical" : "warning"}
      title={t(`failure.${failure.kind}.title`)}
      action={action}
    >
      <BlockStack gap="100">
        <p>
          {t(`failure.${failure.kind}.text`, { id: failure.kind === "internal" ? (failure.id ?? "–") : "" })}
        </p>
        {failure.kind === "internal" && <SupportContact />}
      </BlockStack>
    </Banner>
  );
}
