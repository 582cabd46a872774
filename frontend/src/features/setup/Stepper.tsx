import { Icon } from "@shopify/polaris";
import { CheckIcon } from "@shopify/polaris-icons";
import { useTranslation } from "react-i18next";
import styles from "./Stepper.module.css";
import type { Step } from "./steps";

/** How far one is: what is done, where one stands, what comes. */
export function Stepper({ steps, current }: { steps: readonly Step[]; current: Step }) {
  const { t } = useTranslation();
  const at = steps.indexOf(current);
  return (
    <ol className={styles.steps} aria-label={t("onboarding.steps")}>
      {steps.map((step, index) => (
        <li
          key={step}
          className={index <= at ? styles.reached : styles.step}
          aria-current={index === at ? "step" : undefined}
        >
          <span className={styles.mark} aria-hidden="true">
            {index < at ? <Icon source={CheckIcon} /> : index + 1}
          </span>
          <span>
            {t(`onboarding.step.${step as Exclude<Step, "invitation">}`)}
            {index < at && <span className="Polaris-Text--visuallyHidden"> ({t("onboarding.done")})</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
