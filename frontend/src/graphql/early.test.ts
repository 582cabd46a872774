import { Client, fetchExchange, gql } from "urql";
import { expect, it, vi } from "vitest";
import { normalizedCache } from "./cache";
import { askedEarly, EARLY } from "./early";

const QUERY = gql("{ app { version } }");

function counting() {
  let answers = 0;
  const client = new Client({
    url: "http://api.test/graphql",
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetch: async () => {
      answers += 1;
      const data = { app: { __typename: "AppInfo", version: `${answers}` } };
      return new Response(JSON.stringify({ data }), { headers: { "content-type": "application/json" } });
    },
    exchanges: [askedEarly(), normalizedCache(), fetchExchange],
  });
  const versions: string[] = [];
  const show = () =>
    client.query(QUERY, {}).subscribe(({ data }) => {
      if (data) versions.push(data.app.version);
    });
  return { client, versions, show, answers: () => answers };
}

it("shows what was asked early without asking again, once", async () => {
  const { client, versions, show, answers } = counting();
  await client.query(QUERY, {}, EARLY).toPromise();
  show().unsubscribe();
  expect([versions, answers()]).toEqual([["1"], 1]);

  const shown = show();
  await expect.poll(() => versions).toEqual(["1", "1", "2"]);
  shown.unsubscribe();
});

it("asks again for what was asked long ago", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { client, versions, show } = counting();
  await client.query(QUERY, {}, EARLY).toPromise();
  vi.setSystemTime(Date.now() + 6_000);
  const shown = show();
  await expect.poll(() => versions).toEqual(["1", "2"]);
  shown.unsubscribe();
  vi.useRealTimers();
});

it("asks when the early answer did not come", async () => {
  const { client, versions, show } = counting();
  const early = client.query(QUERY, {}, EARLY).subscribe(() => undefined);
  early.unsubscribe();
  const shown = show();
  await expect.poll(() => versions.at(-1)).toBeDefined();
  shown.unsubscribe();
});
