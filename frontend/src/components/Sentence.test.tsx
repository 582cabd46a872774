import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { Sentence } from "./Sentence";

const drawn = (text: string): HTMLElement => render(<Sentence text={text} />).container;
const whole = (text: string): string => `<span style="white-space: nowrap;">${text}</span>`;

it("keeps the addresses in a text in one piece, and the text as it is", () => {
  const text = "Berlin-Mitte: berlin-outlet.myshopify.com folgt main-shop.myshopify.com.";
  const found = drawn(text);
  expect(found.textContent).toBe(text);
  expect(found.innerHTML).toBe(
    `Berlin-Mitte: ${whole("berlin-outlet.myshopify.com")} folgt ${whole("main-shop.myshopify.com")}.`,
  );
});

it("leaves a text without addresses alone", () => {
  expect(drawn("Nothing to do.").innerHTML).toBe("Nothing to do.");
});

it("lets an address break before its common end that no line of a small screen has room for", () => {
  const long = "a-shop-with-a-name-like-a-story";
  expect(drawn(`${long}.myshopify.com`).innerHTML).toBe(`${whole(long)}<wbr>${whole(".myshopify.com")}`);
});

it("lets a name break anywhere that is longer than a line", () => {
  const [name] = drawn(`${"a".repeat(60)}.myshopify.com`).querySelectorAll("span");
  expect(name?.getAttribute("style")).toBe("overflow-wrap: anywhere;");
});
