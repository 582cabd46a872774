import { describe, expect, it } from "vitest";
import { stepOf } from "./steps";

const nobody = { role: null, connected: false, waiting: 0 };
const main = { role: "MAIN" as const, connected: false, waiting: 0 };
const dependent = { role: "DEPENDENT" as const, connected: false, waiting: 0 };

describe("where somebody stands in the set-up", () => {
  it.each([
    ["a shop that is nobody's yet", nobody, "", "role"],
    ["one that has asked for a later step", nobody, "invite", "role"],
    ["one that is invited", { ...nobody, waiting: 1 }, "", "invitation"],
    ["one that is invited and goes its own way", { ...nobody, waiting: 1 }, "role", "role"],
    ["a main", main, "", "key"],
    ["a main that reloads the second step", main, "invite", "invite"],
    ["a main that goes back", main, "role", "role"],
    ["a main at a dependent's step", main, "sync", "key"],
    ["a dependent", dependent, "", "connect"],
    ["a dependent that goes back", dependent, "role", "role"],
    ["a dependent at the last step without a main", dependent, "sync", "connect"],
    ["a dependent that is invited", { ...dependent, waiting: 2 }, "", "connect"],
    ["a dependent that has a main", { ...dependent, connected: true }, "", "sync"],
    ["a dependent that has a main and goes back", { ...dependent, connected: true }, "role", "sync"],
  ])("%s", (_, standing, wanted, expected) => {
    expect(stepOf(standing, wanted)).toBe(expected);
  });
});
