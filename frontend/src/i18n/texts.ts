import type en from "./locales/en";

type Shape<Texts> = { [Key in keyof Texts]: Texts[Key] extends string ? string : Shape<Texts[Key]> };

/** English says which texts there are; every other language has the same. */
export type Texts = Shape<typeof en>;

type Tree = { [key: string]: string | Tree };

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
