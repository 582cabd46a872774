import { AppProvider } from "@shopify/polaris";
import { render } from "@testing-library/react";
import { afterEach, beforeAll, expect, it } from "vitest";
import { startLanguage } from "~/i18n/start";
import { Footer } from "./Footer";
import { contactUrl } from "./support";

beforeAll(() => startLanguage("en"));
afterEach(() => {
  document.head.innerHTML = "";
});

function footer(told: Record<string, string>) {
  for (const [name, content] of Object.entries(told)) {
    const meta = document.createElement("meta");
    meta.name = name;
    meta.content = content;
    document.head.append(meta);
  }
  const { container } = render(
    <AppProvider i18n={{}}>
      <Footer />
    </AppProvider>,
  );
  const links = [...container.querySelectorAll("a")].map((link) => link.getAttribute("href"));
  return { text: container.textContent, links };
}

it("names help and contact, where the operator has set them", () => {
  expect(footer({ "help-url": "https://help.example.com", "support-contact": "help@example.com" })).toEqual({
    text: "HelpSupport: help@example.com",
    links: ["https://help.example.com", "mailto:help@example.com"],
  });
});

it("says nothing of what is not set", () => {
  expect(footer({ "help-url": "", "support-contact": "" })).toEqual({ text: "", links: [] });
  expect(footer({})).toEqual({ text: "", links: [] });
});

it("shows a contact that leads nowhere as it is", () => {
  expect(footer({ "support-contact": "+49 30 1234" })).toEqual({ text: "Support: +49 30 1234", links: [] });
});

it.each([
  ["help@example.com", "mailto:help@example.com"],
  ["https://example.com/help", "https://example.com/help"],
  ["mailto:help@example.com", "mailto:help@example.com"],
  ["javascript:alert(1)", null],
  ["Anna, second floor", null],
])("makes of %s the address %s", (contact, url) => {
  expect(contactUrl(contact)).toBe(url);
});
