import { BlockStack, Button, InlineStack, Page, Text } from "@shopify/polaris";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useSelf } from "~/app/self";
import type { Role } from "~/graphql/generated/graphql";
import { noteStep } from "./progress";
import styles from "./StepFrame.module.css";
import { Stepper } from "./Stepper";
import { STEPS, type Step } from "./steps";

/** A step of the set-up: how far one is, its question, its content, and the ways back and on. */
export function StepFrame({
  of,
  step,
  title,
  text,
  wide = false,
  back,
  onwards,
  children,
}: {
  /** Whose way it is; nobody's before a role is chosen. */
  of: Role | null;
  step: Step;
  title: string;
  text?: string | undefined;
  wide?: boolean;
  /** The address of the step before. */
  back?: string;
  onwards?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const { shop } = useSelf();
  const heading = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shop.role) noteStep(shop.id, step);
  }, [shop.id, shop.role, step]);
  useEffect(() => {
    // Whoever went on by keyboard or listens goes on reading here, and not at the end of the step before.
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, []);

  return (
    <Page narrowWidth={!wide}>
      <BlockStack gap="600">
        {of && (
          <div className={styles.inset}>
            <Stepper steps={STEPS[of]} current={step} />
          </div>
        )}
        <div ref={heading} tabIndex={-1} className={styles.heading}>
          <BlockStack gap="200">
            <Text as="h1" variant="headingXl">
              {title}
            </Text>
            {text && (
              <Text as="p" variant="bodyLg" tone="subdued">
                {text}
              </Text>
            )}
          </BlockStack>
        </div>
        {children}
        {(back || onwards) && (
          <div className={styles.inset}>
            <InlineStack align="space-between" blockAlign="center" gap="300">
              {back ? <Button url={back}>{t("onboarding.back")}</Button> : <span />}
              <div className={styles.onwards}>
                <InlineStack gap="300" blockAlign="center">
                  {onwards}
                </InlineStack>
              </div>
            </InlineStack>
          </div>
        )}
      </BlockStack>
    </Page>
  );
}
