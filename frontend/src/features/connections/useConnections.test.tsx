import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { apiOf, stage } from "~/dev/stage";
import { standing } from "~/dev/standing";
import { useConnections } from "./useConnections";

/** A main with `count` dependents, a hundred on a page, as the API gives them. */
function pagesOf(count: number) {
  return ({ after }: Record<string, unknown>) => {
    const start = Number(after ?? 0);
    const end = Math.min(count, start + 100);
    const nodes = Array.from({ length: end - start }, (_, index) => standing(`shop-${start + index + 1}`));
    return {
      connections: {
        edges: nodes.map((node) => ({ node })),
        pageInfo: { hasNextPage: end < count, endCursor: String(end) },
      },
    };
  };
}

function Count() {
  const { connections } = useConnections();
  return <p>{connections ? `${connections.length}, last ${connections.at(-1)?.id}` : "reading"}</p>;
}

it.each([
  [0, "0, last undefined"],
  [53, "53, last shop-53"],
  [250, "250, last shop-250"],
  [5_000, "1000, last shop-1000"],
])("of %s dependents it reads: %s", async (count, expected) => {
  stage(<Count />, { api: apiOf({ Connections: pagesOf(count) }) });
  expect(screen.getByText("reading")).toBeTruthy();
  expect(await screen.findByText(expected)).toBeTruthy();
});
