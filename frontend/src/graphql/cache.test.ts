import { readFileSync } from "node:fs";
import { buildSchema, isObjectType } from "graphql";
import { expect, it } from "vitest";
import { PARTS } from "./cache";

it("knows of every type of the API whether it is a thing or a part", () => {
  const schema = buildSchema(readFileSync("../schema.graphql", "utf8"));
  const parts = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith("__") && !["Query", "Mutation", "Subscription"].includes(name))
    .filter(({ name }) => !/(Payload|Edge)$/.test(name) && !/.+Connection$/.test(name))
    .filter((type) => !("id" in type.getFields()))
    .map(({ name }) => name);
  expect([...PARTS].sort()).toEqual(parts.sort());
});
