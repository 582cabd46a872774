import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { AppBridge } from "~/app/appBridge";
import { apiOf, stage } from "~/dev/stage";
import { standing } from "~/dev/standing";
import type { ConnectionRowFragment } from "~/graphql/generated/graphql";
import { startLanguage } from "~/i18n/start";
import { UnlinkedList } from "./UnlinkedList";

const toasts = vi.fn();
const pageInfo = { hasNextPage: false, endCursor: null };
const waiting = (id: string, waitsFor: string[]) => ({
  node: { id, title: id, skus: [], status: "ACTIVE", reason: "PLAN_LIMIT", waitsFor, conflict: null },
});
const full = (shop: string) => ({
  code: "PRODUCT_LIMIT_REACHED",
  field: null,
  message: "",
  params: [{ name: "shop", value: shop }],
});

beforeAll(() => startLanguage("en"));
beforeEach(() => {
  window.shopify = { config: {}, toast: { show: toasts } } as unknown as AppBridge;
});
afterEach(() => {
  toasts.mockClear();
  window.shopify = undefined;
});

function list(products: object[], warnings: object[] = []) {
  const api = apiOf({
    UnlinkedProducts: { unlinkedProducts: { edges: products, pageInfo } },
    FreeProducts: {
      freeProducts: { edges: [{ node: { id: "free", title: "Free one", skus: [] } }], pageInfo },
    },
    LinkProducts: { linkProducts: { job: null, warnings, userErrors: [] } },
  });
  const connection = {
    ...standing("near", { permissions: ["RESOLVE"] }),
  } as unknown as ConnectionRowFragment;
  stage(<UnlinkedList connection={connection} />, { api });
}

const domain = (name: string) => `${name}.myshopify.com`;

it("says whose plan a product waits for", async () => {
  list([
    waiting("Tea", [domain("main")]),
    waiting("Cup", [domain("near")]),
    waiting("Pot", [domain("main"), domain("near")]),
  ]);
  expect(await screen.findByText("No room in your plan")).toBeTruthy();
  expect(screen.getByText("No room in the plan of near.myshopify.com")).toBeTruthy();
  expect(screen.getByText("No room in your plan and in the plan of near.myshopify.com")).toBeTruthy();
});

it.each([
  ["that it is being linked", [], "The products are being linked"],
  [
    "whose plan it waits for",
    [full(domain("near"))],
    "The product is linked as soon as there is room in the plan of near.myshopify.com.",
  ],
])("says after linking by hand %s", async (_what, warnings, text) => {
  list([waiting("Tea", [])], warnings);
  await userEvent.click(await screen.findByRole("button", { name: "Link manually: Tea" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.click(await dialog.findByLabelText("Free one"));
  await userEvent.click(dialog.getByRole("button", { name: "Link" }));
  await waitFor(() => expect(toasts.mock.calls.map(([said]) => said)).toEqual([text]));
});
