import { type Client, createClient } from "graphql-ws";
import { useSyncExternalStore } from "react";
import type { SubscriptionForwarder } from "urql";
import { sessionToken } from "./session";

const LONGEST_WAIT_MS = 10_000;
const PING_MS = 20_000;
const PONG_MS = 5_000;
// A proxy may let the socket open and then let nothing through.
const ACK_MS = 10_000;

/** Whether the socket is up, and how often it came up: what happened in between has to be read again. */
export interface SocketState {
  up: boolean;
  connections: number;
}

let state: SocketState = { up: false, connections: 0 };
const watchers = new Set<() => void>();

function change(next: SocketState): void {
  state = next;
  for (const watcher of watchers) watcher();
}

export function useSocket(): SocketState {
  return useSyncExternalStore(watchSocket, () => state);
}

function watchSocket(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function createSocket(url: string): Client {
  let silence: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url,
    lazy: true,
    keepAlive: PING_MS,
    connectionAckWaitTimeout: ACK_MS,
    connectionParams: async () => ({ authorization: `Bearer ${await sessionToken()}` }),
    retryAttempts: 0,
    on: {
      connected: () => change({ up: true, connections: state.connections + 1 }),
      closed: () => {
        clearTimeout(silence);
        change({ ...state, up: false });
      },
      // A network that went away does not close its sockets: whoever does not answer a ping is gone.
      ping: (received) => {
        if (!received) silence = setTimeout(() => client.terminate(), PONG_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(silence);
      },
    },
  });
  return client;
}

/**
 * Hands subscriptions to `client` and takes them up again whenever the socket closes, with growing pauses, or at once when
 * the network is back. The server closes sockets on purpose (4401, a token's time is over), which graphql-ws itself takes
 * for final.
 */
export function forwardTo(client: Client): SubscriptionForwarder {
  return ({ query, variables }) => ({
    subscribe(sink) {
      let wanted = true;
      let stop = (): void => undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let failures = 0;

      const again = (): void => {
        if (!wanted) return;
        const pause = Math.min(LONGEST_WAIT_MS, 300 * 2 ** failures) * (0.75 + Math.random() / 2);
        failures += 1;
        timer = setTimeout(start, pause);
      };
      const atOnce = (): void => {
        if (timer === undefined) return;
        failures = 0;
        clearTimeout(timer);
        start();
      };
      const start = (): void => {
        timer = undefined;
        stop = client.subscribe(
          { query: query ?? "", variables: variables as Record<string, unknown> | undefined },
          {
            next: (result) => {
              failures = 0;
              sink.next(result as Parameters<typeof sink.next>[0]);
            },
            error: (error) => (Array.isArray(error) ? sink.error(error) : again()),
            complete: () => {
              if (wanted) sink.complete();
            },
          },
        );
      };
      window.addEventListener("online", atOnce);
      start();
      return {
        unsubscribe: () => {
          wanted = false;
          window.removeEventListener("online", atOnce);
          clearTimeout(timer);
          stop();
        },
      };
    },
  });
}
