import type { AppProviderProps } from "@shopify/polaris";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { type Language, languageOf } from "./languages";
import { prepared, type Texts } from "./texts";

type PolarisTexts = AppProviderProps["i18n"];

interface Pack {
  texts: Texts;
  polaris: PolarisTexts;
}

const packs: Record<Language, () => Promise<Pack>> = {
  en: async () => pack(await import("./locales/en"), await import("@shopify/polaris/locales/en.json")),
  fr: async () => pack(await import("./locales/fr"), await import("@shopify/polaris/locales/fr.json")),
  de: async () => pack(await import("./locales/de"), await import("@shopify/polaris/locales/de.json")),
  es: async () => pack(await import("./locales/es"), await import("@shopify/polaris/locales/es.json")),
  it: async () => pack(await import("./locales/it"), await import("@shopify/polaris/locales/it.json")),
};

function pack(texts: { default: Texts }, polaris: { default: unknown }): Pack {
  return { texts: texts.default, polaris: polaris.default as PolarisTexts };
}

/** Loads the one language that `locale` asks for and makes it the page's; answers Polaris' own texts in it. */
export async function startLanguage(locale: string): Promise<PolarisTexts> {
  const language = languageOf(locale);
  const { texts, polaris } = await packs[language]();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: prepared(texts, language) } },
    contextSeparator: "|",
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
  return polaris;
}
