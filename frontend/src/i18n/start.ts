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
  en: () => pack(import("./locales/en"), import("@shopify/polaris/locales/en.json")),
  fr: () => pack(import("./locales/fr"), import("@shopify/polaris/locales/fr.json")),
  de: () => pack(import("./locales/de"), import("@shopify/polaris/locales/de.json")),
  es: () => pack(import("./locales/es"), import("@shopify/polaris/locales/es.json")),
  it: () => pack(import("./locales/it"), import("@shopify/polaris/locales/it.json")),
};

async function pack(
  texts: Promise<{ default: Texts }>,
  polaris: Promise<{ default: unknown }>,
): Promise<Pack> {
  const [own, theirs] = await Promise.all([texts, polaris]);
  return { texts: own.default, polaris: theirs.default as PolarisTexts };
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
