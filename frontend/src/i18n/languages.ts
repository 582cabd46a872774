export const LANGUAGES = ["en", "fr", "de", "es", "it"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language to show for Shopify's `locale` ("fr", "de-CH", "pt-BR"): English where there is none of its own. */
export function languageOf(locale: string): Language {
  const [primary] = locale.toLowerCase().split(/[-_]/);
  return LANGUAGES.find((language) => language === primary) ?? "en";
}

/** `locale` where Intl understands it, for dates and numbers in the merchant's own region; else the language alone. */
export function regionOf(locale: string): string {
  const tag = locale.replace("_", "-");
  const language = languageOf(tag);
  try {
    return tag.toLowerCase().startsWith(language) && Intl.getCanonicalLocales(tag)[0] ? tag : language;
  } catch {
    return language;
  }
}
