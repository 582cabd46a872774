import { readFileSync } from "node:fs";
import { buildSchema, type GraphQLEnumType } from "graphql";
import { describe, expect, it } from "vitest";
import { LANGUAGES } from "./languages";
import de from "./locales/de";
import en from "./locales/en";
import es from "./locales/es";
import fr from "./locales/fr";
import it_ from "./locales/it";
import { prepared, typeset, withPlurals } from "./texts";

type Tree = { [key: string]: string | Tree };
const locales: Record<(typeof LANGUAGES)[number], Tree> = { en, fr, de, es, it: it_ };
const schema = buildSchema(readFileSync("../schema.graphql", "utf8"));

function leaves(tree: Tree, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[path + key, value] as [string, string]] : leaves(value, `${path}${key}.`),
  );
}

const placeholders = (text: string): string[] => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).sort();
const valuesOf = (name: string): string[] =>
  (schema.getType(name) as GraphQLEnumType).getValues().map((value) => value.name);

describe.each(LANGUAGES)("%s", (language) => {
  const texts = new Map(leaves(locales[language]));

  it("has the keys of English, none missing, none more", () => {
    expect([...texts.keys()].sort()).toEqual(
      leaves(en)
        .map(([key]) => key)
        .sort(),
    );
  });

  it("fills every text", () => {
    expect([...texts].filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  it("uses the same placeholders as English", () => {
    const wrong = leaves(en).filter(
      ([key, text]) => placeholders(text).join() !== placeholders(texts.get(key) ?? "").join(),
    );
    expect(wrong).toEqual([]);
  });

  it("has every plural category of its language", () => {
    const loaded = new Map(leaves(withPlurals(locales[language] as never, language) as Tree));
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const plurals = [...loaded.keys()]
      .filter((key) => key.endsWith("_other"))
      .map((key) => key.replace(/_other$/, ""));
    expect(plurals.length).toBeGreaterThan(10);
    for (const key of plurals) {
      for (const category of categories)
        expect(loaded.has(`${key}_${category}`), `${key}_${category}`).toBe(true);
    }
  });

  it.each([
    ["ErrorCode", "errors"],
    ["JobKind", "job.kind"],
    ["JobTrigger", "job.trigger"],
    ["JobState", "job.state"],
    ["JobPhase", "job.phase"],
    ["ChangeState", "change.state"],
    ["HoldReason", "heldReason"],
    ["Lane", "lane"],
    ["Role", "role"],
    ["ConnectionState", "connection.state"],
    ["InvitationState", "invitation.state"],
    ["DetailField", "detailField"],
    ["ConflictState", "conflict.state"],
    ["ConflictAction", "conflict.action"],
    ["LinkOrigin", "links.origin"],
    ["MissingProductPolicy", "settings.missingProduct"],
    ["MissingVariantPolicy", "settings.missingVariant"],
    ["NewProductStatus", "settings.newProductStatus"],
    ["LocalEditPolicy", "settings.localEdits"],
    ["StockMode", "stock.mode"],
    ["DifferenceReason", "difference.reason"],
    ["TraceCause", "trace.cause"],
    ["TraceEventKind", "trace.event"],
    ["TraceStepKind", "trace.rule"],
    ["ValueStanding", "trace.standing"],
    ["UnlinkedReason", "unlinked.reason"],
  ])("names every %s of the API, and nothing it lacks", (type, path) => {
    const named = [...texts.keys()]
      .filter((key) => key.startsWith(`${path}.`))
      .map((key) => key.slice(path.length + 1));
    expect(named.sort()).toEqual(valuesOf(type).sort());
  });

  it("explains every conflict", () => {
    for (const code of valuesOf("ConflictCode")) {
      expect(texts.has(`conflict.code.${code}.title`), code).toBe(true);
      expect(texts.has(`conflict.code.${code}.text`), code).toBe(true);
    }
  });

  it("names every action of a change that is more than setting a value", () => {
    const deeds = valuesOf("ChangeAction").filter((action) => action !== "SET" && action !== "REORDER");
    for (const action of deeds) expect(texts.has(`change.action.${action}`), action).toBe(true);
  });
});

it("names every value that a sync can write", () => {
  const source = readFileSync("../backend/sync/fields.py", "utf8");
  const block = source.slice(source.indexOf("class Field(StrEnum)"), source.indexOf("_RANK"));
  const fields = [...block.matchAll(/^ {4}([A-Z_]+) = "/gm)].map((match) => match[1]);
  expect(fields.length).toBeGreaterThan(25);
  expect(Object.keys(en.field).sort()).toEqual(fields.sort());
});

it("sets texts as they are printed", () => {
  expect(typeset("Lier « {{title}} » : d'accord ? 5 %", "fr")).toBe(
    "Lier «\u202f{{title}}\u202f»\u202f: d’accord\u202f? 5\u202f%",
  );
  expect(typeset("{{number}} cambio en {{shop}}", "es")).toBe("{{number}}\u00a0cambio en {{shop}}");
  expect(typeset("10 % mehr: auswählen …", "de")).toBe("10\u00a0% mehr: auswählen\u00a0…");
  const shown = leaves(prepared(fr as never, "fr") as Tree);
  expect(shown.filter(([, text]) => / [;:!?»]|« |'/.test(text))).toEqual([]);
});
