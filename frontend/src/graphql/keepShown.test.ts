import { Client, fetchExchange, gql } from "urql";
import { expect, it } from "vitest";
import { keepShown } from "./keepShown";

const QUERY = gql("{ shop { name } }");
const shop = { shop: { name: "Tea" } };

function serving(...answers: (() => Response)[]) {
  const left = [...answers];
  return new Client({
    url: "http://api.test/graphql",
    preferGetMethod: false,
    requestPolicy: "network-only",
    fetch: async () => {
      const next = left.shift();
      if (!next) throw new TypeError("fetch failed");
      return next();
    },
    exchanges: [keepShown(), fetchExchange],
  });
}

const answer = (data: unknown) => () =>
  new Response(JSON.stringify({ data }), { headers: { "content-type": "application/json" } });

/** Follows the query as a page does. */
function follow(client: Client, context = {}) {
  const seen: { data: unknown; failed: boolean }[] = [];
  const stop = client.query(QUERY, {}, context).subscribe(({ data, error, stale }) => {
    if (!stale) seen.push({ data, failed: error !== undefined });
  });
  const again = () => client.query(QUERY, {}, context).toPromise();
  return { seen, stop: () => stop.unsubscribe(), again };
}

it("keeps what is shown while there is no answer, and takes the next one", async () => {
  const client = serving(answer(shop), () => new Response("", { status: 502 }), answer({ shop: null }));
  const page = follow(client);
  await expect.poll(() => page.seen.length).toBe(1);
  await page.again();
  await page.again();
  expect(page.seen).toEqual([
    { data: shop, failed: false },
    { data: shop, failed: false },
    { data: { shop: null }, failed: false },
  ]);
  page.stop();
});

it("tells of a first request that fails, and of one that must be fresh", async () => {
  const first = await serving().query(QUERY, {}).toPromise();
  expect(first.error?.networkError).toBeInstanceOf(TypeError);
  const client = serving(answer(shop));
  const page = follow(client, { keepShown: false });
  await expect.poll(() => page.seen.length).toBe(1);
  expect((await page.again()).error?.networkError).toBeInstanceOf(TypeError);
  page.stop();
});
