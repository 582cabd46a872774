import { Banner, List } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { ShopAddress } from "~/components/ShopAddress";
import type { FailuresFragment } from "~/graphql/generated/graphql";
import { useErrorText } from "~/i18n/errorText";

/** What became of one shop of several that the same was done for. */
export interface TargetResult {
  shop: string;
  failed: boolean;
  errors: readonly FailuresFragment[];
  warnings: readonly FailuresFragment[];
}

/** Shop by shop: done, done with a remark, or left as it was and why. */
export function TargetResults({
  results,
  onDismiss,
}: {
  results: readonly TargetResult[];
  onDismiss?: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  if (results.length === 0) return null;
  const failed = results.some((result) => result.failed);
  const remarked = results.some((result) => result.warnings.length > 0);
  const outcome = ({ failed, errors, warnings }: TargetResult): string => {
    const [error] = errors;
    if (failed) return error ? errorText(error) : t("failure.unavailable.text");
    return [t("rights.results.done"), ...warnings.map(errorText)].join(" ");
  };
  return (
    <Banner
      tone={failed || remarked ? "warning" : "success"}
      title={t(failed ? "rights.results.someFailed" : "rights.results.allDone")}
      onDismiss={onDismiss}
    >
      <List>
        {results.map((result) => (
          <List.Item key={result.shop}>
            <strong>
              <ShopAddress domain={result.shop} />
            </strong>
            : {outcome(result)}
          </List.Item>
        ))}
      </List>
    </Banner>
  );
}
