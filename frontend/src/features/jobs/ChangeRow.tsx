import { BlockStack, Button, Checkbox, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { toast } from "~/app/appBridge";
import { Confirm } from "~/components/Confirm";
import { ChangeStateBadge } from "~/components/StateBadge";
import { tracedValue } from "~/features/trace/traceable";
import { WhyButton } from "~/features/trace/WhyButton";
import {
  type ChangeRowFragment,
  ConfirmChangesDocument,
  type JobRowFragment,
  RejectChangesDocument,
  UndoChangesDocument,
  UndoProductDocument,
} from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useErrorText } from "~/i18n/errorText";
import styles from "./Changes.module.css";
import { useChangeName } from "./changeName";
import { TextChange, Value } from "./Value";
import { shown, textOf } from "./value";

interface RowProps {
  change: ChangeRowFragment;
  job: JobRowFragment;
  /** The rows of a product follow each other: what concerns it as a whole is offered once. */
  firstOfProduct: boolean;
}

interface ChoosableProps extends RowProps {
  chosen: boolean;
  /** Null for what nobody has to decide on. */
  onChoose: (() => void) | null;
}

export function ChangeRow({ change, job, firstOfProduct, chosen, onChoose }: ChoosableProps) {
  const { t } = useTranslation();
  const name = useChangeName();
  const before = shown(change, change.before, job.connection.dependent.currency);
  const after = shown(change, change.after, job.connection.dependent.currency);
  const texts = before.kind === "long" || after.kind === "long" ? [textOf(before), textOf(after)] : null;
  const value = job.kind === "PREVIEW" ? null : tracedValue(change);
  const product = (
    <BlockStack gap="050">
      <Text as="span" fontWeight="medium">
        {change.title || "–"}
      </Text>
      {change.sku && (
        <Text as="span" variant="bodySm" tone="subdued">
          {change.sku}
        </Text>
      )}
    </BlockStack>
  );
  return (
    <tr>
      <td>
        {onChoose ? (
          <div className={styles.choice}>
            <Checkbox
              label={t("detail.choose", { title: change.title, what: name(change) })}
              labelHidden
              checked={chosen}
              onChange={onChoose}
            />
            {product}
          </div>
        ) : (
          product
        )}
      </td>
      <td>
        <BlockStack gap="050">
          <span>{name(change)}</span>
          {change.location && (
            <Text as="span" variant="bodySm" tone="subdued">
              {change.location.name}
            </Text>
          )}
          {value && (
            <span>
              <WhyButton connectionId={job.connection.id} value={value} title={change.title} />
            </span>
          )}
        </BlockStack>
      </td>
      {texts?.[0] != null && texts[1] != null ? (
        <td colSpan={2} data-label={t("changes.difference")}>
          <TextChange before={texts[0]} after={texts[1]} />
        </td>
      ) : (
        <>
          <td data-label={t("changes.before")}>
            <Value value={before} />
          </td>
          <td data-label={t("changes.after")}>
            <Value value={after} />
          </td>
        </>
      )}
      <td>
        <Outcome change={change} job={job} firstOfProduct={firstOfProduct} />
      </td>
    </tr>
  );
}

function Outcome({ change, job, firstOfProduct }: RowProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { error } = change;
  return (
    <BlockStack gap="100" inlineAlign="start">
      <ChangeStateBadge
        state={job.kind === "PREVIEW" && change.state === "APPLIED" ? "PLANNED" : change.state}
      />
      {change.heldReason && (
        <Text as="p" variant="bodySm">
          {t(`heldReason.${change.heldReason}`)}
        </Text>
      )}
      {error && (
        <>
          <Text as="p" variant="bodySm" tone="critical">
            {errorText(error)}
          </Text>
          {error.message && error.message !== error.code && (
            <Text as="p" variant="bodySm" tone="subdued" breakWord>
              {t("job.said", { message: error.message })}
            </Text>
          )}
        </>
      )}
      <Actions change={change} job={job} firstOfProduct={firstOfProduct} />
    </BlockStack>
  );
}

function Actions({ change, job, firstOfProduct }: RowProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const confirm = useCommand(ConfirmChangesDocument, { announce: true });
  const reject = useCommand(RejectChangesDocument, { announce: true });
  const undo = useCommand(UndoChangesDocument, { announce: true });
  const undoProduct = useCommand(UndoProductDocument, { announce: true });

  if (change.state === "HELD" && job.kind !== "PREVIEW") {
    return (
      <InlineStack gap="200">
        {job.actions.includes("CONFIRM") && (
          <Button
            size="micro"
            loading={confirm.running}
            onClick={async () => {
              const result = await confirm.run({ jobId: job.id, changeIds: [change.id] });
              if (result) toast(t("held.confirmed"));
            }}
          >
            {t("held.confirm")}
          </Button>
        )}
        {job.actions.includes("REJECT") && (
          <Button
            size="micro"
            loading={reject.running}
            onClick={async () => {
              const result = await reject.run({ jobId: job.id, changeIds: [change.id] });
              if (result) toast(t("held.rejected"));
            }}
          >
            {t("held.reject")}
          </Button>
        )}
      </InlineStack>
    );
  }
  if (!change.undoable) return null;
  const { productId } = change;
  const undone = (undoJob: { id: string } | null | undefined): void => {
    setAsking(false);
    toast(t("job.toast.undo"));
    if (undoJob) navigate(`/jobs/${undoJob.id}`);
  };
  return (
    <>
      <InlineStack gap="200">
        <Button
          size="micro"
          loading={undo.running}
          onClick={async () => {
            const result = await undo.run({ changeIds: [change.id] });
            if (result) undone(result.job);
          }}
        >
          {t("undo.change")}
        </Button>
        {productId && firstOfProduct && (
          <Button size="micro" onClick={() => setAsking(true)}>
            {t("undo.product")}
          </Button>
        )}
      </InlineStack>
      {asking && productId && (
        <Confirm
          title={t("undo.productTitle", { title: change.title })}
          text={t("undo.text", { shop: job.connection.dependent.domain })}
          action={t("undo.productAction")}
          destructive
          running={undoProduct.running}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            const result = await undoProduct.run({ jobId: job.id, productId });
            if (result) undone(result.job);
            else setAsking(false);
          }}
        />
      )}
    </>
  );
}
