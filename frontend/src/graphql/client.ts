import { Client, fetchExchange, subscriptionExchange } from "urql";
import { normalizedCache } from "./cache";
import { askedEarly } from "./early";
import { keepShown } from "./keepShown";
import { fetchWithSession } from "./session";
import { createSocket, forwardTo } from "./socket";

export function createApiClient(): Client {
  const socket = new URL("/graphql", window.location.href);
  socket.protocol = socket.protocol === "https:" ? "wss:" : "ws:";
  return new Client({
    url: "/graphql",
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetch: fetchWithSession,
    fetchOptions: { headers: { Accept: "application/json" } },
    exchanges: [
      keepShown(),
      askedEarly(),
      normalizedCache(),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: forwardTo(createSocket(socket.href)) }),
    ],
  });
}
