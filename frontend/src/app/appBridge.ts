/** The part of Shopify's App Bridge that this page uses; its script puts it on `window` before the page's own code runs. */
export interface AppBridge {
  config: { locale?: string; shop?: string };
  idToken(): Promise<string>;
  toast: { show(message: string, options?: { isError?: boolean; duration?: number }): string };
  saveBar: {
    show(id: string): Promise<void>;
    hide(id: string): Promise<void>;
    leaveConfirmation(): Promise<void>;
  };
  resourcePicker(options: {
    type: "product";
    multiple?: boolean;
    query?: string;
    filter?: { variants?: boolean };
  }): Promise<{ id: string; title?: string }[] | undefined>;
}

declare global {
  interface Window {
    shopify?: AppBridge;
  }
}

export function appBridge(): AppBridge | undefined {
  return window.shopify;
}

export function toast(message: string, isError = false): void {
  window.shopify?.toast.show(message, { isError, duration: isError ? 8000 : 4000 });
}

/** Shows a page of Shopify's in place of the whole admin, for those that refuse to be framed. */
export function leaveTo(url: string): void {
  window.open(url, "_top");
}

/** Shopify's locale ("fr", "de-CH"), from the address it opened the app with or from App Bridge. */
export function shopifyLocale(): string {
  const given = new URLSearchParams(window.location.search).get("locale");
  return given ?? window.shopify?.config.locale ?? navigator.language;
}
