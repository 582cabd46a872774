import { BlockStack, Button, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { useSelf } from "~/app/self";
import { CopyField } from "~/components/CopyField";
import { PutOff } from "./PutOff";
import { StepFrame } from "./StepFrame";

/** A main sees its connection key, to take it to its other shops. */
export function KeyStep() {
  const { t } = useTranslation();
  const { shop } = useSelf();
  return (
    <StepFrame
      of="MAIN"
      step="key"
      title={t("setup.keyTitle")}
      text={t("setup.keyText")}
      back="/setup/role"
      onwards={
        <>
          <PutOff label={t("setup.later")} />
          <Button variant="primary" url="/setup/invite">
            {t("onboarding.next")}
          </Button>
        </>
      }
    >
      <Card>
        <BlockStack gap="300">
          {shop.connectionKey && <CopyField value={shop.connectionKey} label={t("key.label")} />}
          <Text as="p" tone="subdued">
            {t("setup.keySecret")}
          </Text>
        </BlockStack>
      </Card>
    </StepFrame>
  );
}
