import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeAll, expect, it, vi } from "vitest";
import { apiOf, stage } from "~/dev/stage";
import { startLanguage } from "~/i18n/start";
import { PickedProducts } from "./PickedProducts";

beforeAll(() => startLanguage("en"));

const LABEL = "Products picked by hand";
const gid = (number: number): string => `gid://shopify/Product/${number}`;
const TEAS = Array.from({ length: 23 }, (_, index) => ({
  id: gid(101 + index),
  title: `Tea ${index + 1}`,
  skus: index === 0 ? [] : [`T-${index + 1}`],
}));

interface Wanted {
  first: number;
  after: string | null;
  filter: { search: string | null; ids: string[] | null } | null;
}

/** The main's products as the API lists them. */
function mainProducts(variables: Record<string, unknown>) {
  const { first, after, filter } = variables as unknown as Wanted;
  const found = TEAS.filter(
    ({ id, title, skus }) =>
      (!filter?.ids || filter.ids.includes(id)) &&
      [title, ...skus].some((text) => text.toLowerCase().includes(filter?.search?.toLowerCase() ?? "")),
  );
  const start = Number(after ?? 0);
  const end = start + first;
  return {
    mainProducts: {
      edges: found.slice(start, end).map((node) => ({ node })),
      pageInfo: { hasNextPage: end < found.length, endCursor: String(end) },
    },
  };
}

function picking(values: string[], disabled = false) {
  const changed = vi.fn();
  function Form() {
    const [ids, setIds] = useState(values);
    const onChange = (next: string[]): void => {
      changed(next);
      setIds(next);
    };
    return (
      <PickedProducts connectionId="c" label={LABEL} values={ids} disabled={disabled} onChange={onChange} />
    );
  }
  stage(<Form />, { api: apiOf({ MainProducts: mainProducts }) });
  return changed;
}

const open = () => userEvent.click(screen.getByRole("button", { name: `Choose products: ${LABEL}` }));
const boxes = () => within(screen.getByRole("dialog")).findAllByRole("checkbox");
const take = () => userEvent.click(screen.getByRole("button", { name: "Done" }));

it("shows the chosen ones by name and takes them away, one that is gone by its number", async () => {
  const changed = picking([gid(101), gid(102), gid(999)]);
  expect(await screen.findByText("Tea 1")).toBeTruthy();
  expect(screen.getByText("999")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Remove Tea 1" }));
  expect(changed).toHaveBeenLastCalledWith([gid(102), gid(999)]);
  expect(screen.queryByText("Tea 1")).toBeNull();
});

it("finds products by title and SKU, over pages, and keeps what was chosen elsewhere", async () => {
  const changed = picking([gid(101)]);
  await open();
  const [first] = await boxes();
  expect(first).toBe(screen.getByRole("checkbox", { name: /Tea 1/, checked: true }));
  expect(await boxes()).toHaveLength(10);
  // With the keyboard alone.
  screen.getByRole("checkbox", { name: "Tea 2" }).focus();
  await userEvent.keyboard(" ");
  expect(screen.getByText("2 products chosen")).toBeTruthy();

  await userEvent.click(screen.getByRole("button", { name: "Next" }));
  await userEvent.click(await screen.findByRole("checkbox", { name: "Tea 11" }));
  await userEvent.type(screen.getByLabelText("Search the main shop's products by title or SKU"), "t-23");
  await waitFor(() => expect(screen.getAllByRole("checkbox")).toHaveLength(1));
  await userEvent.click(screen.getByRole("checkbox", { name: "Tea 23" }));
  expect(changed).not.toHaveBeenCalled();
  await take();
  expect(changed).toHaveBeenLastCalledWith([gid(101), gid(102), gid(111), gid(123)]);
  expect(screen.queryByRole("dialog")).toBeNull();
});

it("takes nothing over when it is closed, and says when nothing is found", async () => {
  const changed = picking([]);
  await open();
  await userEvent.click((await boxes())[0] as HTMLElement);
  await userEvent.type(screen.getByLabelText("Search the main shop's products by title or SKU"), "coffee");
  expect(await screen.findByText("Nothing matches these filters.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(changed).not.toHaveBeenCalled();
});

it("does not take more than the server would", async () => {
  const changed = picking(Array.from({ length: 250 }, (_, index) => gid(1001 + index)));
  expect(screen.getByRole("button", { name: "Show 230 more" })).toBeTruthy();
  await open();
  await userEvent.click((await boxes())[0] as HTMLElement);
  expect(screen.getByText("Choose 250 products at most.")).toBeTruthy();
  await take();
  expect(changed).not.toHaveBeenCalled();
});

it("only shows them where they can't be changed", async () => {
  picking([gid(101)], true);
  expect(await screen.findByText("Tea 1")).toBeTruthy();
  expect(screen.queryAllByRole("button")).toEqual([]);
});
