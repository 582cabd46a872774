import { AppProvider } from "@shopify/polaris";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { GraphQLError } from "graphql";
import { CombinedError } from "urql";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { noteReach } from "~/graphql/reach";
import { startLanguage } from "~/i18n/start";
import { FailureBanner } from "./FailureBanner";

const ours = new CombinedError({
  graphQLErrors: [new GraphQLError("no", { extensions: { code: "INTERNAL", id: "4f2a" } })],
});

beforeAll(() => startLanguage("en"));
afterEach(() => {
  document.head.innerHTML = "";
});

function show(error: CombinedError, retry = () => undefined) {
  render(
    <AppProvider i18n={{}}>
      <FailureBanner error={error} retry={retry} />
    </AppProvider>,
  );
}

it("shows the number of an error of ours, whom to tell, and tries again", async () => {
  document.head.innerHTML = '<meta name="support-contact" content="help@example.com">';
  const retry = vi.fn();
  show(ours, retry);
  expect(screen.getByText(/give this number: 4f2a/)).toBeTruthy();
  expect(screen.getByRole("link", { name: /help@example.com/ }).getAttribute("href")).toBe(
    "mailto:help@example.com",
  );
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(retry).toHaveBeenCalledOnce();
});

it("tries again by itself once the server answers", () => {
  const retry = vi.fn();
  noteReach("unreachable");
  show(new CombinedError({ networkError: new TypeError("fetch failed") }), retry);
  expect(retry).not.toHaveBeenCalled();
  act(() => noteReach("answered"));
  expect(retry).toHaveBeenCalledOnce();
});

it("names nobody where nobody is known, or where nobody can help", () => {
  show(ours);
  expect(screen.queryByRole("link")).toBeNull();
  document.head.innerHTML = '<meta name="support-contact" content="help@example.com">';
  show(new CombinedError({ networkError: new TypeError("fetch failed") }));
  expect(screen.queryByRole("link")).toBeNull();
});
