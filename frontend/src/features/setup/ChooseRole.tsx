import { Badge, BlockStack, Box, Button, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useSelf } from "~/app/self";
import { UserErrors } from "~/components/UserErrors";
import { ChooseRoleDocument, type Role } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { RolePicture } from "./RolePicture";
import { StepFrame } from "./StepFrame";

const NEXT: Record<Role, string> = { MAIN: "/setup/key", DEPENDENT: "/setup/connect" };

export function ChooseRole() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { shop, refresh } = useSelf();
  const command = useCommand(ChooseRoleDocument);
  const [chosen, setChosen] = useState<Role | null>(null);

  const choose = async (role: Role): Promise<void> => {
    if (role !== shop.role) {
      setChosen(role);
      if (!(await command.run({ role }))) return;
      refresh();
    }
    navigate(NEXT[role]);
  };

  return (
    <StepFrame
      of={shop.role}
      step="role"
      title={t(shop.role ? "onboarding.roleTitle" : "setup.welcome")}
      text={shop.role ? undefined : t("setup.question")}
      wide
    >
      <UserErrors errors={command.errors} />
      <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
        {(["MAIN", "DEPENDENT"] as const).map((role) => (
          <Card key={role} padding="600">
            <BlockStack gap="400">
              <RolePicture role={role} />
              <BlockStack gap="200">
                <InlineStack gap="200" blockAlign="center">
                  <Text as="h2" variant="headingLg">
                    {t(`setup.${role}.title`)}
                  </Text>
                  {shop.role === role && <Badge tone="info">{t("onboarding.chosen")}</Badge>}
                </InlineStack>
                <div style={{ minBlockSize: "4.5rem" }}>
                  <Text as="p">{t(`setup.${role}.text`)}</Text>
                </div>
              </BlockStack>
              <Button
                size="large"
                variant={shop.role === null || shop.role === role ? "primary" : "secondary"}
                fullWidth
                loading={command.running && chosen === role}
                disabled={command.running && chosen !== role}
                onClick={() => void choose(role)}
              >
                {t(`setup.${role}.action`)}
              </Button>
            </BlockStack>
          </Card>
        ))}
      </InlineGrid>
      <Box paddingInline={{ xs: "400", sm: "0" }}>
        <Text as="p" tone="subdued" alignment="center">
          {t("setup.changeLater")}
        </Text>
      </Box>
    </StepFrame>
  );
}
