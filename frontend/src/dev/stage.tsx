import { AppProvider } from "@shopify/polaris";
import polarisTexts from "@shopify/polaris/locales/en.json";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter, useLocation } from "react-router";
import { Client, fetchExchange, Provider, subscriptionExchange } from "urql";
import { PolarisLink } from "~/app/PolarisLink";
import { type Self, SelfContext } from "~/app/self";

type Variables = Record<string, unknown>;
/** What the API says, by the operation's name: the data, or how it follows from the variables. */
export type Answers = Record<string, object | ((variables: Variables) => object)>;

/** An API that knows these answers and nothing else; `asked` takes down what it was asked. */
export function apiOf(answers: Answers, asked: { name: string; variables: Variables }[] = []): Client {
  return new Client({
    url: "http://api.test/graphql",
    preferGetMethod: false,
    requestPolicy: "network-only",
    fetch: async (_url, init) => {
      const { operationName: name, variables } = JSON.parse(String(init?.body)) as {
        operationName: string;
        variables: Variables;
      };
      asked.push({ name, variables });
      const answer = answers[name];
      if (!answer) throw new Error(`Nobody answers ${name}`);
      const data = typeof answer === "function" ? answer(variables) : answer;
      return new Response(JSON.stringify({ data }), { headers: { "content-type": "application/json" } });
    },
    exchanges: [
      fetchExchange,
      subscriptionExchange({ forwardSubscription: () => ({ subscribe: () => ({ unsubscribe() {} }) }) }),
    ],
  });
}

export const MAIN_SHOP: Self["shop"] = {
  id: "main",
  domain: "main.myshopify.com",
  name: "Main",
  role: "MAIN",
  currency: "EUR",
  isSelf: true,
  connectionKey: "mss_key",
  onboardedAt: null,
  missingScopes: [],
  connection: null,
};

/** Renders a part of the page as it stands in it, for the shop `self`. */
export function stage(
  part: ReactNode,
  { api = apiOf({}), self = MAIN_SHOP, at = "/" }: { api?: Client; self?: Self["shop"]; at?: string } = {},
) {
  return render(
    <AppProvider i18n={polarisTexts} linkComponent={PolarisLink}>
      <Provider value={api}>
        <SelfContext.Provider
          value={{ shop: self, app: { version: "1" }, hasPlans: true, refresh: () => undefined }}
        >
          <MemoryRouter initialEntries={[at]}>
            {part}
            <Address />
          </MemoryRouter>
        </SelfContext.Provider>
      </Provider>
    </AppProvider>,
  );
}

function Address() {
  const { pathname, search } = useLocation();
  return <div data-testid="address">{pathname + search}</div>;
}
