import { expect, it } from "vitest";
import { repairable } from "~/features/products/repairable";
import { usualDelay } from "./rows";

it("tells the slower of prices and details, and leaves stock to its own figure", () => {
  const lane = (name: "STOCK" | "PRICE" | "DETAILS", median: number, p95: number) => ({
    lane: name,
    median,
    p95,
    count: 1,
  });
  expect(usualDelay([])).toBeNull();
  expect(usualDelay([lane("STOCK", 1, 2)])).toBeNull();
  expect(usualDelay([lane("STOCK", 9, 9), lane("PRICE", 1, 4), lane("DETAILS", 2, 3)])).toEqual({
    median: 2,
    p95: 4,
  });
});

it("offers to repair only what a repair would write", () => {
  expect(repairable("DRIFT")).toBe(true);
  expect(repairable("LOCAL_STOCK")).toBe(true);
  for (const reason of ["HELD", "LOCAL_EDIT", "BRAKE", "REFUSED"] as const)
    expect(repairable(reason)).toBe(false);
});
