import { screen } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";
import { MAIN_SHOP, stage } from "~/dev/stage";
import { shopCalled, standing } from "~/dev/standing";
import type { PlanStateFragment, StandingFragment } from "~/graphql/generated/graphql";
import { startLanguage } from "~/i18n/start";
import { Attention } from "./Attention";
import type { Failure } from "./failures";
import { useMatters } from "./useMatters";

beforeAll(() => startLanguage("en"));

const offer = { id: "small", name: "Small", productLimit: 10, price: null, currency: null, interval: null };
const plan: PlanStateFragment = {
  status: "ACTIVE",
  used: 3,
  allowed: 10,
  waiting: 0,
  waitingForOthers: 0,
  plan: offer,
  pending: null,
};

function Matters(props: Parameters<typeof useMatters>[0]) {
  return <Attention matters={useMatters(props)} />;
}

/** Every line of the banner: what it says, and where its link leads. */
function lines(
  connections: readonly StandingFragment[],
  {
    failures = [],
    planState = plan,
    self = MAIN_SHOP,
  }: { failures?: readonly Failure[]; planState?: PlanStateFragment; self?: typeof MAIN_SHOP } = {},
) {
  stage(<Matters connections={connections} failures={failures} plan={planState} />, { self });
  return screen
    .queryAllByRole("link")
    .map((link) => [
      link.closest(".Polaris-InlineStack")?.firstChild?.textContent,
      link.getAttribute("href"),
    ]);
}

it("says nothing where nothing waits", () => {
  expect(lines([standing("near")])).toEqual([]);
});

it("says that a connection is paused, and leads to where it is resumed", () => {
  expect(lines([standing("near", { state: "PAUSED" })])).toEqual([
    [
      "The sync to near.myshopify.com is paused. Nothing is sent until it is resumed.",
      "/connections/near/settings",
    ],
  ]);
});

it("says that a job failed, or a part of it, and leads to it", () => {
  const [near, far] = [standing("near"), standing("far")];
  const failures = [
    { connection: near, jobId: "j1", partly: false },
    { connection: far, jobId: "j2", partly: true },
  ];
  expect(lines([near, far], { failures })).toEqual([
    ["The last job for near.myshopify.com failed.", "/jobs/j1"],
    ["Part of the last job for far.myshopify.com failed.", "/jobs/j2"],
  ]);
});

it.each<[string, Partial<PlanStateFragment>, string]>([
  ["stopped payments", { status: "FROZEN" }, "Payments for your plan have stopped."],
  ["an ended subscription", { status: "CANCELLED" }, "Your subscription has ended."],
  [
    "a change that waits",
    { pending: { since: "2026-11-30T09:00:00Z", plan: { ...offer, name: "Large" } } },
    "The change to Large waits for your confirmation.",
  ],
  ["products that wait", { used: 10, waiting: 2 }, "is reached, and 2 products wait for room."],
  ["no room left", { used: 10 }, "The limit of your plan is reached."],
])("says of the plan: %s", (_, part, text) => {
  const [line, ...more] = lines([standing("near")], { planState: { ...plan, ...part } });
  expect(more).toEqual([]);
  expect(line?.[0]).toContain(text);
  expect(line?.[1]).toBe("/plan");
});

it("names the shop to open the app in, where access is lost", () => {
  const [line] = lines([standing("near", { state: "SUSPENDED", shopsToOpen: [shopCalled("near")] })]);
  expect(line?.[0]).toContain(`Open the app in that shop`);
  expect(line?.[0]).toContain("access to near.myshopify.com");
  expect(line?.[1]).toBe("https://near.myshopify.com/admin/apps/");
});

it("to a dependent it names the main to open the app in, and not itself", () => {
  const self = { ...MAIN_SHOP, id: "near", domain: "near.myshopify.com", role: "DEPENDENT" as const };
  const tie = standing("near", {
    state: "SUSPENDED",
    main: shopCalled("main", { role: "MAIN" }),
    dependent: shopCalled("near", { isSelf: true }),
    shopsToOpen: [shopCalled("main", { role: "MAIN" })],
  });
  const [line] = lines([tie], { self });
  expect(line?.[0]).toContain("access to main.myshopify.com");
});

it("says many of a kind in one line, with the first of them", () => {
  const shops = ["a", "b", "c", "d", "e"].map((name) => standing(name, { state: "PAUSED" }));
  expect(lines(shops)).toEqual([
    [
      "The sync to 5 shops is paused: a.myshopify.com, b.myshopify.com, c.myshopify.com, and 2\u00a0more.",
      "/settings",
    ],
  ]);
  expect(screen.getByText("One thing needs your attention")).toBeTruthy();
});
