import { Badge, type BadgeProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { ChangeState, ConnectionState, JobState, Role } from "~/graphql/generated/graphql";

const JOB_TONES: Record<JobState, BadgeProps["tone"]> = {
  QUEUED: undefined,
  RUNNING: "info",
  WAITING: "attention",
  CANCELING: "attention",
  SUCCEEDED: "success",
  PARTIAL: "warning",
  FAILED: "critical",
  CANCELED: undefined,
};

export function JobStateBadge({ state }: { state: JobState }) {
  const { t } = useTranslation();
  return <Badge tone={JOB_TONES[state]}>{t(`job.state.${state}`)}</Badge>;
}

const CHANGE_TONES: Record<ChangeState, BadgeProps["tone"]> = {
  PLANNED: "info",
  HELD: "attention",
  SENT: "info",
  APPLIED: "success",
  FAILED: "critical",
  SKIPPED: undefined,
  REJECTED: undefined,
  CONFIRMED: "success",
  UNDONE: undefined,
  CANCELED: undefined,
};

export function ChangeStateBadge({ state }: { state: ChangeState }) {
  const { t } = useTranslation();
  return <Badge tone={CHANGE_TONES[state]}>{t(`change.state.${state}`)}</Badge>;
}

const CONNECTION_TONES: Record<ConnectionState, BadgeProps["tone"]> = {
  ACTIVE: "success",
  PAUSED: "attention",
  SUSPENDED: "critical",
  DISCONNECTED: undefined,
};

export function ConnectionStateBadge({ state }: { state: ConnectionState }) {
  const { t } = useTranslation();
  return <Badge tone={CONNECTION_TONES[state]}>{t(`connection.state.${state}`)}</Badge>;
}

export function RoleBadge({ role }: { role: Role }) {
  const { t } = useTranslation();
  return <Badge tone={role === "MAIN" ? "info" : undefined}>{t(`role.${role}`)}</Badge>;
}
