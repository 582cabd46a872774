import type en from "./locales/en";

type Shape<Texts> = { [Key in keyof Texts]: Texts[Key] extends string ? string : Shape<Texts[Key]> };

/** English says which texts there are; every other language has the same. */
export type Texts = Shape<typeof en>;

type Tree = { [key: string]: string | Tree };

/**
 * The spaces and apostrophes that a language sets and nobody types: French has a narrow no-break space before ; : ! ?
 * and inside of « », and in all a number stays with its word, and nothing breaks before % and …
 */
export function typeset(text: string, language: string): string {
  const spaced = text.replace(/ (?=[%…])|(?<=^\{\{number\}\}) /g, "\u00a0");
  if (language !== "fr") return spaced;
  return spaced
    .replace(/[ \u00a0](?=[;:!?»%])/g, "\u202f")
    .replace(/« /g, "«\u202f")
    .replaceAll("'", "’");
}

/** The texts as they are shown: typeset, and with all plurals. */
export function prepared(texts: Texts, language: string): Tree {
  return withPlurals(mapTexts(texts, (text) => typeset(text, language)) as Texts, language);
}

function mapTexts(tree: Tree, change: (text: string) => string): Tree {
  const entries = Object.entries(tree).map(([key, value]) => [
    key,
    typeof value === "string" ? change(value) : mapTexts(value, change),
  ]);
  return Object.fromEntries(entries);
}

/**
 * Adds the plural category "many" where `language` has it. It is for round millions and for shortened numbers, which
 * this app does not write, so "other" stands in for it.
 */
export function withPlurals(texts: Texts, language: string): Tree {
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  return categories.includes("many") ? addMany(texts) : texts;
}

function addMany(tree: Tree): Tree {
  const result: Tree = {};
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value !== "string") result[key] = addMany(value);
    else {
      result[key] = value;
      if (key.endsWith("_other")) result[key.replace(/_other$/, "_many")] = value;
    }
  }
  return result;
}
