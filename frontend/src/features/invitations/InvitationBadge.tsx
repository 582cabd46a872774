import { Badge, type BadgeProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { InvitationState } from "~/graphql/generated/graphql";

const TONES: Record<InvitationState, BadgeProps["tone"]> = {
  PENDING: "attention",
  ACCEPTED: "success",
  DECLINED: "warning",
  REVOKED: undefined,
};

export function InvitationBadge({ state }: { state: InvitationState }) {
  const { t } = useTranslation();
  return <Badge tone={TONES[state]}>{t(`invitation.state.${state}`)}</Badge>;
}
