import { useEffect, useState } from "react";
import { type Client, type CombinedError, useClient, useQuery } from "urql";
import {
  ConnectionsDocument,
  type ConnectionsQuery,
  type StandingFragment,
} from "~/graphql/generated/graphql";

type PageOfConnections = ConnectionsQuery["connections"];

/** A hundred each: a main with more dependents than this sees the first thousand. */
const MOST_PAGES = 10;

export interface Connections {
  /** Undefined until all of them were read. */
  connections: readonly StandingFragment[] | undefined;
  error: CombinedError | undefined;
  reload: () => void;
}

/**
 * How every connection of the shop stands, for what is said or done of all of them: a list on the screen shows a page of
 * them only.
 */
export function useConnections(): Connections {
  const client = useClient();
  const [{ data, error }, read] = useQuery({ query: ConnectionsDocument, variables: { after: null } });
  const first = data?.connections;
  const [rest, setRest] = useState<readonly StandingFragment[]>();
  useEffect(() => {
    if (!first?.pageInfo.hasNextPage) return;
    let left = false;
    void following(client, first).then((nodes) => {
      if (!left) setRest(nodes);
    });
    return () => {
      left = true;
    };
  }, [client, first]);

  // While the first page is read again, the others stay as they were.
  const others = first?.pageInfo.hasNextPage ? rest : [];
  return {
    connections: first && others && [...nodesOf(first), ...others],
    error,
    reload: () => read({ requestPolicy: "network-only" }),
  };
}

/** The pages after `first`; what can't be read now is left out until the next time. */
async function following(client: Client, first: PageOfConnections): Promise<readonly StandingFragment[]> {
  const found: StandingFragment[] = [];
  let { hasNextPage, endCursor: after } = first.pageInfo;
  for (let page = 1; hasNextPage && page < MOST_PAGES; page++) {
    const { data } = await client
      .query(ConnectionsDocument, { after }, { requestPolicy: "network-only" })
      .toPromise();
    if (!data) break;
    found.push(...nodesOf(data.connections));
    ({ hasNextPage, endCursor: after } = data.connections.pageInfo);
  }
  return found;
}

function nodesOf(page: PageOfConnections): readonly StandingFragment[] {
  return page.edges.map(({ node }) => node);
}
