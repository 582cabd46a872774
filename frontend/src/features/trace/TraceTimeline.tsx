import { Badge, BlockStack, InlineStack, Link, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Sentence } from "~/components/Sentence";
import { TextChange, Value } from "~/features/jobs/Value";
import { shown, textOf } from "~/features/jobs/value";
import type { TracedChangeFragment, ValueTraceQuery } from "~/graphql/generated/graphql";
import { useErrorText } from "~/i18n/errorText";
import { useFormat } from "~/i18n/format";
import styles from "./Timeline.module.css";
import { TraceRule } from "./TraceRule";

export type Trace = ValueTraceQuery["valueTrace"];
export type Connection = NonNullable<ValueTraceQuery["connection"]>;

/** How a value came about, in the order in which it happened. */
export function TraceTimeline({ trace, connection }: { trace: Trace; connection: Connection }) {
  const { t } = useTranslation();
  const { event, change, latest } = trace;
  const told = change ?? latest;
  return (
    <ol className={styles.timeline}>
      {event && told && (
        <Step title={t("trace.step.event")} at={event.at}>
          <Text as="p">
            {event.kind === "WEBHOOK" ? (
              <Sentence text={t("trace.event.WEBHOOK", { shop: event.shop, topic: event.topic })} />
            ) : event.kind === "PERSON" || event.kind === "PROGRAM" ? (
              t(`trace.event.${event.kind}`, { kind: t(`job.kind.${told.job.kind}`) })
            ) : (
              t(`trace.event.${event.kind}`)
            )}
          </Text>
          <Elsewhere event={event} />
          {event.receivedAt && <Moment text="trace.received" at={event.receivedAt} />}
        </Step>
      )}
      <Step title={t("trace.step.rule")} at={null}>
        <TraceRule trace={trace} connection={connection} change={change} />
      </Step>
      {change && <ChangeSteps change={change} connection={connection} />}
      {latest && (
        <Step title={t(change ? "trace.step.latest" : "trace.step.change")} at={null}>
          <Latest change={latest} connection={connection} />
        </Step>
      )}
      <Step title={t("trace.step.now")} at={null}>
        <Now trace={trace} connection={connection} />
      </Step>
    </ol>
  );
}

/** Where somebody started it; people of the other shop have no name here. */
function Elsewhere({ event }: { event: NonNullable<Trace["event"]> }) {
  const { t } = useTranslation();
  const { kind, shop, by } = event;
  if (kind === "WEBHOOK" || !shop || by) return null;
  return (
    <Text as="p" variant="bodySm" tone="subdued" breakWord>
      <Sentence text={t(kind === "PROGRAM" ? "trace.inShop" : "trace.somebodyAt", { shop })} />
    </Text>
  );
}

function Step({ title, at, children }: { title: string; at: string | null; children: ReactNode }) {
  return (
    <li className={styles.step}>
      <BlockStack gap="050">
        <InlineStack gap="200" blockAlign="baseline">
          <Text as="h3" fontWeight="semibold">
            {title}
          </Text>
          {at && <Exactly at={at} />}
        </InlineStack>
        {children}
      </BlockStack>
    </li>
  );
}

function Exactly({ at }: { at: string }) {
  const format = useFormat();
  return (
    <Text as="span" variant="bodySm" tone="subdued">
      <time dateTime={at}>{format.exactTime(at)}</time>
    </Text>
  );
}

function Moment({ text, at }: { text: "trace.received" | "trace.read"; at: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Text as="p" variant="bodySm" tone="subdued">
      <time dateTime={at}>{t(text, { date: format.exactTime(at) })}</time>
    </Text>
  );
}

/** What was written, by which call, and what Shopify said to it. */
function ChangeSteps({ change, connection }: { change: TracedChangeFragment; connection: Connection }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { call } = change;
  // Nothing takes no time at all.
  const seconds = call ? Math.max(0.1, (Date.parse(call.answeredAt) - Date.parse(call.sentAt)) / 1000) : 0;
  return (
    <>
      <Step title={t("trace.step.change")} at={change.job.createdAt}>
        <BeforeAfter change={change} connection={connection} />
        <JobLink change={change} />
      </Step>
      {call ? (
        <>
          <Step title={t("trace.step.call")} at={call.sentAt}>
            <Text as="p" breakWord>
              {call.operation}
              {call.points > 0 &&
                ` · ${t("trace.points", { count: call.points, number: format.number(call.points) })}`}
            </Text>
            <Text as="p" variant="bodySm" tone="subdued">
              {format.label(t("trace.requestId"))} <code className={styles.code}>{call.requestId}</code>
            </Text>
          </Step>
          <Step title={t("trace.step.answer")} at={call.answeredAt}>
            <Text as="p">{t("trace.applied", { time: format.seconds(seconds) })}</Text>
          </Step>
        </>
      ) : (
        <Step title={t("trace.step.answer")} at={change.appliedAt}>
          <Text as="p">{t(change.sentAt ? "trace.confirmed" : "trace.notKept")}</Text>
        </Step>
      )}
    </>
  );
}

/** A change that was not applied, or not yet, and why. */
function Latest({ change, connection }: { change: TracedChangeFragment; connection: Connection }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const { error } = change;
  return (
    <BlockStack gap="050">
      <InlineStack gap="200" blockAlign="center">
        <Badge tone={error ? "critical" : "attention"}>{t(`change.state.${change.state}`)}</Badge>
        {change.heldReason && <Text as="span">{t(`heldReason.${change.heldReason}`)}</Text>}
      </InlineStack>
      <BeforeAfter change={change} connection={connection} planned />
      {error && <Text as="p">{errorText(error)}</Text>}
      {error?.message && error.message !== error.code && (
        <Text as="p" tone="subdued" breakWord>
          {t("job.said", { message: error.message })}
        </Text>
      )}
      {change.call && (
        <Text as="p" variant="bodySm" tone="subdued">
          {change.call.operation} · {format.label(t("trace.requestId"))}{" "}
          <code className={styles.code}>{change.call.requestId}</code>
        </Text>
      )}
      <JobLink change={change} />
    </BlockStack>
  );
}

export function BeforeAfter({
  change,
  connection,
  planned = false,
}: {
  change: TracedChangeFragment;
  connection: Connection;
  planned?: boolean;
}) {
  const { t } = useTranslation();
  const { currency } = connection.dependent;
  if (change.action === "CREATE_PRODUCT" || change.action === "CREATE_VARIANT") {
    return <Text as="p">{t(`change.action.${change.action}`)}</Text>;
  }
  const before = shown(change, change.before, currency);
  const after = shown(change, change.after, currency);
  const texts = [textOf(before), textOf(after)];
  if ((before.kind === "long" || after.kind === "long") && texts[0] !== null && texts[1] !== null) {
    return <TextChange before={texts[0] ?? ""} after={texts[1] ?? ""} />;
  }
  const [start = "", middle = "", end = ""] = t(planned ? "trace.planned" : "trace.changed", {
    before: "\u0000",
    after: "\u0000",
  }).split("\u0000");
  return (
    <p>
      <Sentence text={start} />
      <Value value={before} />
      {middle}
      <strong>
        <Value value={after} />
      </strong>
      {end}
    </p>
  );
}

function JobLink({ change }: { change: TracedChangeFragment }) {
  const { t } = useTranslation();
  return (
    <Text as="p" variant="bodySm">
      <Link url={`/jobs/${change.job.id}`}>
        {t("trace.toJob", { kind: t(`job.kind.${change.job.kind}`) })}
      </Link>
    </Text>
  );
}

function Now({ trace, connection }: { trace: Trace; connection: Connection }) {
  const { t } = useTranslation();
  const { value } = trace;
  const unread = value.standing === "GROUP_OFF" || value.standing === "FIELD_OFF";
  const about = { action: "SET", field: value.field } as const;
  const { currency, domain } = connection.dependent;
  return (
    <BlockStack gap="050">
      <Text as="p">{t(`trace.cause.${trace.cause}`)}</Text>
      {!unread && (
        <>
          <Filled text="trace.says" shop={domain}>
            <Value value={shown(about, value.dependentValue, currency)} />
          </Filled>
          {!value.equal && value.wantedValue !== null && (
            <Filled text="trace.should" shop={domain}>
              <Value value={shown(about, value.wantedValue, currency)} />
            </Filled>
          )}
          {trace.dependentReadAt && <Moment text="trace.read" at={trace.dependentReadAt} />}
        </>
      )}
    </BlockStack>
  );
}

/** A sentence with a value in it. */
function Filled({
  text,
  shop,
  children,
}: {
  text: "trace.says" | "trace.should";
  shop: string;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const [start = "", end = ""] = t(text, { shop, value: "\u0000" }).split("\u0000");
  return (
    <p>
      <Sentence text={start} />
      <strong>{children}</strong>
      {end}
    </p>
  );
}
