import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { Confirm } from "~/components/Confirm";
import {
  type ConnectionRowFragment,
  PauseConnectionDocument,
  ResumeConnectionDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";

export interface PauseActions {
  /** Asks first. Undefined where it can't be paused. */
  pause: (() => void) | undefined;
  /** Undefined where it isn't paused, or the other side must do it. */
  resume: (() => void) | undefined;
  running: boolean;
  dialog: ReactNode;
}

/** Pausing a connection and letting it go on, as far as this side may. */
export function usePause(connection: ConnectionRowFragment): PauseActions {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const pausing = useCommand(PauseConnectionDocument, { announce: true });
  const resuming = useCommand(ResumeConnectionDocument, { announce: true });
  const { id, pausedBy, permissions } = connection;
  const may = (right: ConnectionRowFragment["permissions"][number]): boolean => permissions.includes(right);

  return {
    pause: may("PAUSE") && pausedBy === null ? () => setAsking(true) : undefined,
    resume:
      may("RESUME") && pausedBy !== null
        ? () =>
            void resuming.run({ connectionId: id }).then((result) => {
              if (result) toast(t(result.job ? "rights.pause.resumedAndSyncing" : "rights.pause.resumed"));
            })
        : undefined,
    running: pausing.running || resuming.running,
    dialog: asking && (
      <Confirm
        title={t("rights.pause.askTitle", { shop: connection.dependent.domain })}
        text={t("rights.pause.askText")}
        action={t("rights.pause.pause")}
        running={pausing.running}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          const done = await pausing.run({ connectionId: id });
          setAsking(false);
          if (done) toast(t("rights.pause.paused"));
        }}
      />
    ),
  };
}
