import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, it, vi } from "vitest";
import { apiOf, stage } from "~/dev/stage";
import { standing } from "~/dev/standing";
import type { ConnectionRowFragment, StandingFragment } from "~/graphql/generated/graphql";
import { startLanguage } from "~/i18n/start";
import { CopyDialog } from "./CopyDialog";

beforeAll(() => startLanguage("en"));

const END = { hasNextPage: false, endCursor: null };
const NEAR = standing("near");

/** The dialog that copies the settings of "near", for a main with these dependents. */
function dialog(...connections: StandingFragment[]) {
  const asked: { name: string; variables: Record<string, unknown> }[] = [];
  const edges = connections.map((node) => ({ node }));
  const api = apiOf(
    {
      Connections: { connections: { edges, pageInfo: END } },
      CopyTargets: { connections: { edges, pageInfo: END } },
      CopySettings: ({ toConnectionIds }) => ({
        copySettings: {
          copies: (toConnectionIds as string[]).map((id) => ({
            connection: { ...standing(id), syncSettings: null },
            job: null,
            warnings: [],
          })),
          userErrors: [],
        },
      }),
    },
    asked,
  );
  const close = vi.fn();
  stage(<CopyDialog connection={NEAR as unknown as ConnectionRowFragment} onClose={close} />, { api });
  return { asked, close };
}

it("copies to the shops that are chosen, of those that may be, and says what became of each", async () => {
  const { asked } = dialog(
    NEAR,
    standing("far", { permissions: ["EDIT_SETTINGS"] }),
    standing("shut", { permissions: [] }),
  );
  const copy = screen.getByRole("button", { name: "Copy settings" }) as HTMLButtonElement;
  const far = await screen.findByRole("checkbox", { name: /^far/ });
  expect((screen.getByRole("checkbox", { name: /^shut/ }) as HTMLInputElement).disabled).toBe(true);
  expect(screen.queryByRole("checkbox", { name: /^near/ })).toBeNull();
  expect(copy.getAttribute("aria-disabled") ?? String(copy.disabled)).toBe("true");
  await userEvent.click(far);
  await userEvent.click(copy);
  expect(await screen.findByText("Saved for the other shops")).toBeTruthy();
  expect(asked.find(({ name }) => name === "CopySettings")?.variables).toEqual({
    fromConnectionId: "near",
    toConnectionIds: ["far"],
    startSync: true,
  });
});

it("says that there is no other shop, and leads to where one is added", async () => {
  const { close } = dialog(NEAR);
  await userEvent.click(await screen.findByRole("button", { name: "Add a shop" }));
  expect(screen.getByTestId("address").textContent).toBe("/settings");
  expect(screen.queryByText("Copy to")).toBeNull();
  expect(screen.queryByRole("button", { name: "Copy settings" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(close).toHaveBeenCalledOnce();
});
