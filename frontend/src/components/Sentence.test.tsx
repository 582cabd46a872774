import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { Sentence } from "./Sentence";

const HTML = (handle: string): string =>
  `<span style="white-space: nowrap;">${handle}</span><wbr><span style="white-space: nowrap;">.myshopify.com</span>`;
const drawn = (text: string): HTMLElement => render(<Sentence text={text} />).container;

it("keeps the addresses in a text in one piece, and the text as it is", () => {
  const text = "Berlin-Mitte: berlin-outlet.myshopify.com folgt main-shop.myshopify.com.";
  const found = drawn(text);
  expect(found.textContent).toBe(text);
  expect(found.innerHTML).toBe(`Berlin-Mitte: ${HTML("berlin-outlet")} folgt ${HTML("main-shop")}.`);
});

it("leaves a text without addresses alone", () => {
  expect(drawn("Nothing to do.").innerHTML).toBe("Nothing to do.");
});

it("lets a part break that no small screen has room for", () => {
  const long = "a".repeat(60);
  const [handle] = drawn(`${long}.myshopify.com`).querySelectorAll("span");
  expect(handle?.textContent).toBe(long);
  expect(handle?.style.whiteSpace).toBe("");
});
