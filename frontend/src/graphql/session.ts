import { appBridge } from "~/app/appBridge";
import { noteReach } from "./reach";

const RETRY = "X-Shopify-Retry-Invalid-Session-Request";
const LONGEST_WAIT_MS = 10_000;

/** Shopify gives no session token any more: the person has to sign in there, which a reload leads to. */
export class SessionEndedError extends Error {
  override name = "SessionEndedError";
}

/**
 * A session token that is valid now: App Bridge renews it by itself, so it is asked for each time and never kept. Throws
 * SessionEndedError where App Bridge refuses or says nothing, although there is a network.
 */
export async function sessionToken(): Promise<string> {
  const bridge = appBridge();
  if (!bridge) throw new Error("App Bridge is not there");
  try {
    return await inTime(bridge.idToken());
  } catch (cause) {
    if (!navigator.onLine) throw new TypeError("no network", { cause });
    throw new SessionEndedError("no session token", { cause });
  }
}

/** `fetch` with the session token; a token that the server no longer takes is replaced once. */
export async function fetchWithSession(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  try {
    const first = await send(input, init);
    const answer = first.status === 401 && first.headers.has(RETRY) ? await send(input, init) : first;
    noteReach(answer.status === 401 ? "session" : answer.status >= 500 ? "unreachable" : "answered");
    return answer;
  } catch (error) {
    // What the page itself has called off says nothing about the server.
    if (!init?.signal?.aborted) noteReach(error instanceof SessionEndedError ? "session" : "unreachable");
    throw error;
  }
}

async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers);
  headers.set("Authorization", `Bearer ${await sessionToken()}`);
  return fetch(input, { ...init, headers });
}

function inTime<Value>(promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("no answer")), LONGEST_WAIT_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
