import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, it } from "vitest";
import { usePaging } from "~/components/paging";
import { apiOf, stage } from "~/dev/stage";
import { standing } from "~/dev/standing";
import type { StandingFragment } from "~/graphql/generated/graphql";
import { startLanguage } from "~/i18n/start";
import { SyncState } from "./SyncState";

beforeAll(() => startLanguage("en"));

/** The card while the screen shows none of the shops: what is done to all does not depend on it. */
function Card({ connections }: { connections: readonly StandingFragment[] }) {
  const paging = usePaging();
  const pageInfo = { hasNextPage: true, endCursor: "20" };
  return <SyncState shops={[]} connections={connections} pageInfo={pageInfo} paging={paging} />;
}

const disabled = (name: string) => screen.getByRole("button", { name }).getAttribute("aria-disabled");
const PREVIEW = "Preview all syncs";

it("previews and syncs every shop, on whichever page it stands", async () => {
  const asked: { name: string; variables: Record<string, unknown> }[] = [];
  const connections = Array.from({ length: 53 }, (_, index) =>
    standing(`shop-${index + 1}`, index === 7 ? { syncSettings: null } : {}),
  );
  const api = apiOf(
    {
      PreviewSync: ({ connectionId }) => ({
        previewSync: { job: { id: `job-${connectionId}` }, userErrors: [] },
      }),
      SyncAll: { syncAll: { jobs: [], userErrors: [] } },
    },
    asked,
  );
  stage(<Card connections={connections} />, { api });
  await userEvent.click(screen.getByRole("button", { name: PREVIEW }));
  await waitFor(() => expect(screen.getByTestId("address").textContent).toBe("/jobs"));
  const expected = connections.filter(({ id }) => id !== "shop-8").map(({ id }) => id);
  expect(asked.map(({ variables }) => variables.connectionId)).toEqual(expected);

  // Which ones are ready says the server.
  await userEvent.click(screen.getByRole("button", { name: "Sync all" }));
  await waitFor(() => expect(asked.at(-1)).toEqual({ name: "SyncAll", variables: { connectionIds: null } }));
});

it("has nothing to do where no shop is ready", () => {
  stage(
    <Card connections={[standing("one", { syncSettings: null }), standing("two", { state: "SUSPENDED" })]} />,
  );
  expect(disabled(PREVIEW)).toBe("true");
  expect(disabled("Sync all")).toBe("true");
});
