import type en from "./locales/en";

declare module "i18next" {
  interface CustomTypeOptions {
    contextSeparator: "|";
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}
