import { BlockStack, Button, Card, InlineGrid, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { UserErrors } from "~/components/UserErrors";
import { ChooseRoleDocument, type Role } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { RolePicture } from "./RolePicture";

export function ChooseRole({ onChosen }: { onChosen: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const command = useCommand(ChooseRoleDocument);
  const [chosen, setChosen] = useState<Role | null>(null);

  const choose = async (role: Role): Promise<void> => {
    setChosen(role);
    if (!(await command.run({ role }))) return;
    onChosen();
    navigate("/setup");
  };

  return (
    <BlockStack gap="600">
      <BlockStack gap="200" align="center" inlineAlign="center">
        <Text as="h1" variant="headingXl" alignment="center">
          {t("setup.welcome")}
        </Text>
        <Text as="p" variant="bodyLg" tone="subdued" alignment="center">
          {t("setup.question")}
        </Text>
      </BlockStack>
      <UserErrors errors={command.errors} />
      <InlineGrid columns={{ xs: 1, md: 2 }} gap="400">
        {(["MAIN", "DEPENDENT"] as const).map((role) => (
          <Card key={role} padding="600">
            <BlockStack gap="400">
              <RolePicture role={role} />
              <BlockStack gap="200">
                <Text as="h2" variant="headingLg">
                  {t(`setup.${role}.title`)}
                </Text>
                <div style={{ minBlockSize: "4.5rem" }}>
                  <Text as="p">{t(`setup.${role}.text`)}</Text>
                </div>
              </BlockStack>
              <Button
                size="large"
                variant="primary"
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
      <Text as="p" tone="subdued" alignment="center">
        {t("setup.changeLater")}
      </Text>
    </BlockStack>
  );
}
