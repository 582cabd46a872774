import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, it } from "vitest";
import { apiOf, stage } from "~/dev/stage";
import { standing } from "~/dev/standing";
import { startLanguage } from "~/i18n/start";
import { DependentChoice } from "./DependentChoice";

beforeAll(() => startLanguage("en"));

function choice(count: number) {
  const edges = Array.from({ length: count }, (_, index) => ({ node: standing(`shop-${index + 1}`) }));
  const api = apiOf({
    Connections: { connections: { edges, pageInfo: { hasNextPage: false, endCursor: null } } },
  });
  stage(<DependentChoice connectionId="shop-2" />, { api });
}

const address = () => screen.getByTestId("address").textContent;

it("lists a few dependents", async () => {
  choice(3);
  const field = (await screen.findByLabelText("Dependent")) as HTMLSelectElement;
  expect([...field.options].map(({ value }) => value)).toEqual(["shop-1", "shop-2", "shop-3"]);
  expect(field.value).toBe("shop-2");
  await userEvent.selectOptions(field, "shop-3");
  expect(address()).toBe("/connections/shop-3/products");
});

it("finds one of many by typing, with the keyboard alone", async () => {
  choice(60);
  const field = (await screen.findByRole("combobox", { name: "Dependent" })) as HTMLInputElement;
  expect(field.value).toBe("shop-2.myshopify.com");
  await userEvent.tab();
  expect(document.activeElement).toBe(field);
  await userEvent.keyboard("P-57");
  await waitFor(() =>
    expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual([
      "shop-57.myshopify.com",
    ]),
  );
  await waitFor(() =>
    expect(field.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option").id),
  );
  // By its code, which is what Polaris listens for and userEvent leaves out.
  fireEvent.keyDown(field, { key: "Enter", keyCode: 13 });
  expect(address()).toBe("/connections/shop-57/products");
});

it("says so where no shop is found, and takes the search back when it is left", async () => {
  choice(60);
  const field = (await screen.findByRole("combobox", { name: "Dependent" })) as HTMLInputElement;
  await userEvent.type(field, "nowhere");
  expect(await screen.findByText("No shop with this address")).toBeTruthy();
  await userEvent.tab();
  await waitFor(() => expect(field.value).toBe("shop-2.myshopify.com"));
});

it("asks nothing where there is one dependent", async () => {
  choice(1);
  await new Promise((done) => setTimeout(done));
  expect(screen.queryByLabelText("Dependent")).toBeNull();
});
