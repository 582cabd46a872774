import { ActionList, Button, Popover } from "@shopify/polaris";
import { MenuHorizontalIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConnectionRowFragment } from "~/graphql/generated/graphql";
import { CopyDialog } from "./CopyDialog";
import { useDisconnect } from "./useDisconnect";
import { usePause } from "./usePause";

/** The three dots of a dependent in its main's list. */
export function DependentActions({ connection }: { connection: ConnectionRowFragment }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [copying, setCopying] = useState(false);
  const close = (): void => setOpen(false);
  const { pause, resume, dialog } = usePause(connection);
  const ending = useDisconnect(connection, close);
  const items = [
    ...(connection.syncSettings
      ? [{ content: t("rights.copy.menu"), onAction: () => setCopying(true) }]
      : []),
    ...(pause ? [{ content: t("rights.pause.pause"), onAction: pause }] : []),
    ...(resume ? [{ content: t("rights.pause.resume"), onAction: resume }] : []),
    ...(ending.disconnect
      ? [{ content: t("connection.disconnect"), destructive: true, onAction: ending.disconnect }]
      : []),
  ];
  if (items.length === 0) return null;
  return (
    <>
      <Popover
        active={open}
        onClose={close}
        activator={
          <Button
            icon={MenuHorizontalIcon}
            variant="tertiary"
            accessibilityLabel={t("rights.actionsOf", { shop: connection.dependent.domain })}
            onClick={() => setOpen(!open)}
          />
        }
      >
        <ActionList actionRole="menuitem" onActionAnyItem={close} items={items} />
      </Popover>
      {dialog}
      {ending.dialog}
      {copying && <CopyDialog connection={connection} onClose={() => setCopying(false)} />}
    </>
  );
}
