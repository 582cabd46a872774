import { BlockStack, Button, Form, InlineStack, Text, TextField } from "@shopify/polaris";
import { XSmallIcon } from "@shopify/polaris-icons";
import { type ClipboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "~/app/appBridge";
import { UserErrors } from "~/components/UserErrors";
import { InviteShopsDocument } from "~/graphql/generated/graphql";
import { useCommand } from "~/graphql/useCommand";
import { useErrorText } from "~/i18n/errorText";
import styles from "./InviteForm.module.css";
import {
  addressesIn,
  afterSending,
  filled,
  MOST_AT_ONCE,
  noRows,
  pasted,
  removed,
  typed,
  unsent,
} from "./inviteRows";

const fieldId = (row: number): string => `invite-${row}`;

/** Addresses of shops to invite, a line for each. What can be sent is sent; the others stay, each with its fault. */
export function InviteForm({ onSent }: { onSent?: (left: number) => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [rows, setRows] = useState(noRows);
  const [empty, setEmpty] = useState(false);
  const focus = useFocus();
  const invite = useCommand(InviteShopsDocument);
  const wrong = rows.filter(({ fault }) => fault).length;

  const send = async (): Promise<void> => {
    const sent = filled(rows);
    setEmpty(sent.length === 0);
    const [first] = rows;
    if (sent.length === 0) return focus(first && fieldId(first.id));
    const payload = await invite.run({ urls: sent.map(({ text }) => text) });
    if (!payload?.results) return;
    const left = unsent(sent, payload.results);
    const count = sent.length - left.length;
    if (count > 0) toast(t("invite.sent", { count }));
    setRows(afterSending(left, rows));
    focus(left[0] && fieldId(left[0].id));
    onSent?.(left.length);
  };

  const paste = (event: ClipboardEvent, row: number): void => {
    const addresses = addressesIn(event.clipboardData.getData("text"));
    if (addresses.length < 2) return;
    event.preventDefault();
    setRows(pasted(rows, row, addresses));
  };

  return (
    <Form onSubmit={() => void send()} noValidate>
      <BlockStack gap="300">
        <Text as="p" tone="subdued">
          {t("invite.help")}
        </Text>
        <UserErrors errors={invite.errors} />
        {rows.map((row, index) => (
          <div key={row.id} className={styles.row} onPaste={(event) => paste(event, row.id)}>
            <div className={styles.field}>
              <TextField
                id={fieldId(row.id)}
                label={t("invite.address", { number: index + 1 })}
                labelHidden
                value={row.text}
                onChange={(text) => {
                  setRows(typed(rows, row.id, text));
                  setEmpty(false);
                }}
                placeholder={t("invite.example")}
                autoComplete="off"
                type="url"
                maxLength={1000}
                error={row.fault ? errorText(row.fault) : empty && index === 0 && t("invite.none")}
              />
            </div>
            {rows.length > 1 && (
              <div className={styles.remove}>
                <Button
                  icon={XSmallIcon}
                  variant="tertiary"
                  disabled={row.text === "" && index === rows.length - 1}
                  accessibilityLabel={t("invite.remove", { number: index + 1 })}
                  onClick={() => {
                    const next = rows[index + 1] ?? rows[index - 1];
                    setRows(removed(rows, row.id));
                    focus(next && fieldId(next.id));
                  }}
                />
              </div>
            )}
          </div>
        ))}
        <div role="status">
          {wrong > 0 && (
            <Text as="p" tone="critical">
              {t("invite.wrong", { count: wrong })}
            </Text>
          )}
          {rows.length >= MOST_AT_ONCE && (
            <Text as="p" tone="subdued">
              {t("invite.full", { limit: MOST_AT_ONCE })}
            </Text>
          )}
        </div>
        <InlineStack align="end">
          <Button submit variant="primary" loading={invite.running}>
            {t("invite.send")}
          </Button>
        </InlineStack>
      </BlockStack>
    </Form>
  );
}

/** Puts the cursor into a field once it is on the screen. */
function useFocus(): (id: string | undefined) => void {
  const wanted = useRef<string>(undefined);
  const [, again] = useState(0);
  useEffect(() => {
    if (wanted.current) document.getElementById(wanted.current)?.focus();
    wanted.current = undefined;
  });
  return (id) => {
    wanted.current = id;
    again((count) => count + 1);
  };
}
