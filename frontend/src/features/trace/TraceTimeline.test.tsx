import { screen } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";
import { stage } from "~/dev/stage";
import { shopCalled } from "~/dev/standing";
import type { TracedChangeFragment } from "~/graphql/generated/graphql";
import { startLanguage } from "~/i18n/start";
import { type Trace, TraceTimeline } from "./TraceTimeline";

beforeAll(() => startLanguage("en"));

const AT = "2026-11-30T10:30:00Z";
const THERE = "near.myshopify.com";
const connection = { id: "c", main: shopCalled("main"), dependent: shopCalled("near") };
const value: Trace["value"] = {
  productId: "p",
  variantId: null,
  field: "TAGS",
  key: "",
  mainValue: ["tea"],
  wantedValue: ["tea"],
  dependentValue: [],
  equal: false,
  standing: "MAIN",
  code: null,
  location: null,
};
const change: TracedChangeFragment = {
  id: "1",
  action: "SET",
  field: "TAGS",
  before: ["tea"],
  after: [],
  state: "APPLIED",
  heldReason: null,
  happenedAt: AT,
  sentAt: AT,
  appliedAt: AT,
  undoable: true,
  error: null,
  call: null,
  job: { id: "j", kind: "SYNC_ALL", trigger: "MANUAL", createdAt: AT, settingsVersion: 3 },
};

function trace(event: Partial<NonNullable<Trace["event"]>>, savedBy: string | null = null) {
  const told: Trace = {
    title: "Tea",
    sku: "",
    cause: "WRITTEN",
    mainReadAt: AT,
    dependentReadAt: AT,
    value,
    rule: { settingsVersion: 3, savedAt: AT, savedIn: THERE, savedBy, steps: [], sources: [] },
    event: { kind: "PERSON", at: AT, shop: THERE, topic: null, receivedAt: null, by: null, ...event },
    change,
    latest: null,
  };
  stage(<TraceTimeline trace={told} connection={connection} />);
}

const said = (what: RegExp) =>
  screen
    .getAllByRole("paragraph")
    .map((one) => one.textContent)
    .filter((text) => what.test(text));
const somebody = () => said(/somebody at near.myshopify.com/);

it("says at which shop somebody of the other side acted", () => {
  trace({});
  expect(somebody()).toEqual([
    "by somebody at near.myshopify.com",
    expect.stringMatching(/^Sync settings, version 3, saved .* by somebody at near.myshopify.com$/),
  ]);
});

it("says nothing of the shop's own people", () => {
  trace({ by: "17" }, "17");
  expect(somebody()).toEqual([]);
});

it("takes only Shopify's messages for such", () => {
  trace({ kind: "WEBHOOK", topic: "products/update" }, "17");
  expect(said(/^Shopify reported a change in near.myshopify.com/)).toHaveLength(1);
  expect(somebody()).toEqual([]);
});
