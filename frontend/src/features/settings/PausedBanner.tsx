import { Banner } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { Sentence } from "~/components/Sentence";
import type { ConnectionRowFragment } from "~/graphql/generated/graphql";
import { usePause } from "./usePause";

/** That nothing is sent, who has stopped it, and the way on for whoever may. */
export function PausedBanner({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const { resume, running, dialog } = usePause(connection);
  const { pausedBy, main, dependent } = connection;
  if (pausedBy === null) return null;
  const shop = pausedBy === "MAIN" ? main.domain : dependent.domain;
  return (
    <>
      <Banner
        tone="warning"
        title={t("rights.pause.bannerTitle", { shop })}
        {...(resume && {
          action: { content: t("rights.pause.resume"), onAction: resume, loading: running },
        })}
      >
        <p>
          <Sentence text={t(resume ? "rights.pause.bannerText" : "rights.pause.bannerOther", { shop })} />
        </p>
      </Banner>
      {dialog}
    </>
  );
}
