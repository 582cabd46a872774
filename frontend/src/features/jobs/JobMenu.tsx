import { ActionList, Button, Popover } from "@shopify/polaris";
import { MenuHorizontalIcon } from "@shopify/polaris-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { JobRowFragment } from "~/graphql/generated/graphql";
import { useJobActions } from "./useJobActions";

/** The three dots of a job. */
export function JobMenu({ job }: { job: JobRowFragment }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const { items, dialog } = useJobActions(job);
  const close = (): void => setOpen(false);

  return (
    <>
      <Popover
        active={open}
        onClose={close}
        activator={
          <Button
            icon={MenuHorizontalIcon}
            variant="tertiary"
            accessibilityLabel={t("job.menu", { shop: job.connection.dependent.domain })}
            onClick={() => setOpen(!open)}
            disclosure={false}
          />
        }
      >
        <ActionList
          actionRole="menuitem"
          onActionAnyItem={close}
          items={[
            { content: t("job.action.details"), onAction: () => navigate(`/jobs/${job.id}`) },
            ...items,
          ]}
        />
      </Popover>
      {dialog}
    </>
  );
}
