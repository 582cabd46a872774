import { Button } from "@shopify/polaris";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useChangeName } from "~/features/jobs/changeName";
import type { ValueName } from "./traceable";

const TraceDialog = lazy(() => import("./TraceDialog"));

/** Opens the trace of a value; `title` says of which product, for those who do not see the row. */
export function WhyButton({
  connectionId,
  value,
  title,
}: {
  connectionId: string;
  value: ValueName;
  title: string;
}) {
  const { t } = useTranslation();
  const name = useChangeName();
  const [open, setOpen] = useState(false);
  const what = name({ action: "SET", field: value.field, key: value.key });
  return (
    <>
      <Button
        variant="plain"
        accessibilityLabel={t("trace.whyOf", { title, what })}
        onClick={() => setOpen(true)}
      >
        {t("trace.why")}
      </Button>
      {open && (
        <Suspense>
          <TraceDialog connectionId={connectionId} value={value} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
