import { appBridge } from "~/app/appBridge";

const RETRY = "X-Shopify-Retry-Invalid-Session-Request";

/** A session token that is valid now: App Bridge renews it by itself, so it is asked for each time and never kept. */
export async function sessionToken(): Promise<string> {
  const bridge = appBridge();
  if (!bridge) throw new Error("App Bridge is not there");
  return bridge.idToken();
}

/** `fetch` with the session token; a token that the server no longer takes is replaced once. */
export async function fetchWithSession(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const answer = await send(input, init);
  return answer.status === 401 && answer.headers.has(RETRY) ? send(input, init) : answer;
}

async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers);
  headers.set("Authorization", `Bearer ${await sessionToken()}`);
  return fetch(input, { ...init, headers });
}
