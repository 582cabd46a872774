import { screen } from "@testing-library/react";
import { afterEach, beforeAll, expect, it } from "vitest";
import { stage } from "~/dev/stage";
import { startLanguage } from "~/i18n/start";
import { Developers } from "./Developers";

beforeAll(() => startLanguage("en"));
afterEach(() => {
  document.head.innerHTML = "";
});

const links = () => screen.queryAllByRole("link").map((link) => link.getAttribute("href"));

it("leads to the editor and to the description of the API, not to the help for people", () => {
  document.head.innerHTML = '<meta name="help-url" content="https://help.example.com">';
  stage(
    <Developers
      graphiqlUrl="https://app.example.com/graphql"
      apiDocsUrl="https://docs.example.com/api.html"
    />,
  );
  expect(links()).toEqual(["https://app.example.com/graphql", "https://docs.example.com/api.html"]);
});

it("leads nowhere where the operator has set nothing", () => {
  document.head.innerHTML = '<meta name="help-url" content="https://help.example.com">';
  stage(<Developers graphiqlUrl={null} apiDocsUrl={null} />);
  expect(links()).toEqual([]);
  expect(screen.getByLabelText("Address of the API")).toBeTruthy();
});
