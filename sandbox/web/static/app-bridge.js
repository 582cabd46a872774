/*
 * A stand-in for Shopify's App Bridge. Loaded by the app's page, it speaks with the admin page around the frame
 * by postMessage and offers `window.shopify` under the names of the public type package @shopify/app-bridge-types.
 * The admin is the origin this script came from: messages go to and are accepted from that origin alone.
 */
(() => {
  "use strict";
  if (window.shopify) return;

  const script = document.currentScript;
  const adminOrigin = new URL(script.src).origin;
  const query = new URLSearchParams(location.search);
  const embedded = window.top !== window.self;
  const SHOPIFY_PARAMETERS = ["id_token", "hmac", "session", "timestamp", "host", "shop", "locale", "embedded"];
  const remembered = (name) => {
    const given = query.get(name);
    if (given) sessionStorage.setItem(`shopify-${name}`, given);
    return given ?? sessionStorage.getItem(`shopify-${name}`) ?? undefined;
  };
  const meta = (name) => document.querySelector(`meta[name="shopify-${name}"]`)?.getAttribute("content") ?? undefined;
  const list = (text) => (text ?? "").split(",").map((part) => part.trim()).filter(Boolean);

  const config = {
    apiKey: meta("api-key") ?? script.dataset.apiKey ?? "",
    host: remembered("host"),
    shop: remembered("shop"),
    locale: remembered("locale") ?? "en-US",
    appOrigins: list(meta("app-origins")),
    disabledFeatures: list(meta("disabled-features")),
    debug: { webVitals: false },
  };
  const enabled = (feature) => !config.disabledFeatures.includes(feature);

  // --- conversation with the admin -------------------------------------------------------------------------------
  const waiting = new Map();
  const listeners = new Map();
  let lastId = 0;

  const tell = (method, params = {}) => {
    if (embedded) window.parent.postMessage({ from: "app-bridge", method, params }, adminOrigin);
  };
  const ask = (method, params = {}) =>
    new Promise((resolve, reject) => {
      if (!embedded) {
        reject(new Error("App Bridge: the app is not embedded in the Shopify admin"));
        return;
      }
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      window.parent.postMessage({ from: "app-bridge", id, method, params }, adminOrigin);
    });
  const on = (event, callback) => listeners.set(event, callback);

  window.addEventListener("message", (message) => {
    if (message.origin !== adminOrigin || message.source !== window.parent || message.data?.from !== "admin") return;
    const { id, event, result, error, detail } = message.data;
    if (event) {
      listeners.get(event)?.(detail);
      return;
    }
    const answer = waiting.get(id);
    waiting.delete(id);
    if (error) answer?.reject(new Error(error));
    else answer?.resolve(result);
  });

  // --- session tokens --------------------------------------------------------------------------------------------
  const TOKEN_KEPT_MS = 30_000; // half of a token's life, so that what is sent is never about to expire
  let token = { text: "", until: 0 };
  let tokenAsked = null;

  const freshToken = () => {
    tokenAsked ??= ask("idToken")
      .then((text) => {
        token = { text, until: performance.now() + TOKEN_KEPT_MS };
        return text;
      })
      .finally(() => {
        tokenAsked = null;
      });
    return tokenAsked;
  };
  const idToken = async () => (performance.now() < token.until ? token.text : freshToken());

  // --- fetch with the session token ------------------------------------------------------------------------------
  const plainFetch = window.fetch.bind(window);
  const belongsToApp = (url) =>
    (url.origin === location.origin || config.appOrigins.includes(url.origin)) && url.origin !== adminOrigin;

  if (enabled("fetch") && embedded) {
    window.fetch = async (resource, options) => {
      const request = new Request(resource, options);
      if (!belongsToApp(new URL(request.url)) || request.headers.has("Authorization")) return plainFetch(request);
      const retry = request.clone();
      const send = async (attempt, text) => {
        attempt.headers.set("Authorization", `Bearer ${text}`);
        attempt.headers.set("Accept-Language", config.locale);
        return plainFetch(attempt);
      };
      let response = await send(request, await idToken());
      if (response.status === 401 && response.headers.has("X-Shopify-Retry-Invalid-Session-Request")) {
        token = { text: "", until: 0 };
        response = await send(retry, await freshToken());
      }
      const elsewhere = response.headers.get("X-Shopify-API-Request-Failure-Reauthorize-Url");
      if (elsewhere) tell("redirect", { url: new URL(elsewhere, location.href).href });
      return response;
    };
  }

  // --- navigation ------------------------------------------------------------------------------------------------
  const appPath = (url = location) => {
    const parameters = new URLSearchParams(url.search);
    for (const name of SHOPIFY_PARAMETERS) parameters.delete(name);
    const rest = parameters.toString();
    return url.pathname + (rest ? `?${rest}` : "") + url.hash;
  };
  let moves = 0;
  const reportPath = () => tell("navigation", { path: appPath(), title: document.title });
  for (const name of ["pushState", "replaceState"]) {
    const original = history[name].bind(history);
    history[name] = (...parameters) => {
      original(...parameters);
      moves += 1;
      reportPath();
    };
  }
  window.addEventListener("popstate", reportPath);
  window.addEventListener("hashchange", reportPath);

  // The app's router may listen for `shopify:navigate`; if nothing moved by then, the link itself is followed.
  const follow = (anchor) => {
    const before = moves;
    const event = new CustomEvent("shopify:navigate", { bubbles: true, cancelable: true });
    if (!anchor.dispatchEvent(event)) return;
    setTimeout(() => {
      if (moves === before) anchor.click();
    }, 50);
  };

  const plainOpen = window.open.bind(window);
  window.open = (url = "", target = "", features = "") => {
    const text = String(url);
    if (embedded && (text.startsWith("shopify:") || ["_top", "_parent"].includes(target))) {
      tell("redirect", { url: text.startsWith("shopify:") ? text : new URL(text, location.href).href, target });
      return null;
    }
    return plainOpen(url, target, features);
  };
  document.addEventListener("click", (event) => {
    const anchor = event.target instanceof Element ? event.target.closest('a[href^="shopify:"]') : null;
    if (!anchor) return;
    event.preventDefault();
    tell("redirect", { url: anchor.getAttribute("href"), target: anchor.target });
  });

  // --- parts of the admin's own interface ------------------------------------------------------------------------
  let toasts = 0;
  const toastCallbacks = new Map();
  const toast = {
    show(message, { onAction, onDismiss, ...options } = {}) {
      const id = `toast-${++toasts}`;
      toastCallbacks.set(id, { onAction, onDismiss });
      tell("toast.show", { id, message: String(message), ...options });
      return id;
    },
    hide(id) {
      tell("toast.hide", { id });
    },
  };
  on("toast", ({ id, what }) => {
    const callbacks = toastCallbacks.get(id);
    if (what === "action") callbacks?.onAction?.();
    else toastCallbacks.delete(id), callbacks?.onDismiss?.();
  });

  const visible = { saveBar: null };
  const element = (id) => {
    const found = document.getElementById(id);
    if (!found) throw new Error(`App Bridge: no element with the id "${id}"`);
    return found;
  };
  const saveBar = {
    async show(id) {
      const bar = element(id);
      const button = (primary) => bar.querySelector(primary ? 'button[variant="primary"]' : 'button:not([variant="primary"])');
      visible.saveBar = id;
      tell("saveBar.show", {
        save: { label: button(true)?.textContent?.trim() || null, disabled: button(true)?.hasAttribute("disabled") ?? false,
          loading: button(true)?.hasAttribute("loading") ?? false },
        discard: { label: button(false)?.textContent?.trim() || null, disabled: button(false)?.hasAttribute("disabled") ?? false },
        confirmDiscard: bar.hasAttribute("discardConfirmation"),
      });
      bar.dispatchEvent(new Event("show"));
    },
    async hide(id) {
      if (visible.saveBar !== id) return;
      visible.saveBar = null;
      tell("saveBar.hide");
      document.getElementById(id)?.dispatchEvent(new Event("hide"));
    },
    toggle: (id) => (visible.saveBar === id ? saveBar.hide(id) : saveBar.show(id)),
    leaveConfirmation: () => (visible.saveBar === null ? Promise.resolve() : ask("saveBar.leaveConfirmation")),
  };
  on("saveBar", (which) => {
    const bar = visible.saveBar && document.getElementById(visible.saveBar);
    bar?.querySelector(which === "save" ? 'button[variant="primary"]' : 'button:not([variant="primary"])')?.click();
  });

  const modal = {
    async show(id) {
      element(id).open();
    },
    async hide(id) {
      element(id).close();
    },
    async toggle(id) {
      element(id).toggle();
    },
  };

  class Observed extends HTMLElement {
    connectedCallback() {
      this.style.display = "none";
      this.watcher = new MutationObserver(() => this.changed());
      this.watcher.observe(this, { childList: true, subtree: true, attributes: true, characterData: true });
      queueMicrotask(() => this.changed());
    }
    disconnectedCallback() {
      this.watcher.disconnect();
      this.removed();
    }
    changed() {}
    removed() {}
  }

  class NavMenu extends Observed {
    links() {
      return [...this.querySelectorAll("a")].filter((anchor) => anchor.rel !== "home");
    }
    changed() {
      const home = this.querySelector('a[rel="home"]');
      tell("menu", {
        home: home ? appPath(new URL(home.href)) : "/",
        items: this.links().map((anchor) => ({ label: anchor.textContent.trim(), path: appPath(new URL(anchor.href)) })),
      });
    }
    removed() {
      tell("menu", { home: null, items: [] });
    }
  }
  on("menu", ({ path }) => {
    for (const menu of document.querySelectorAll("ui-nav-menu, s-app-nav")) {
      const wanted = [...menu.querySelectorAll("a")].find((anchor) => appPath(new URL(anchor.href)) === path);
      if (wanted) {
        follow(wanted);
        return;
      }
    }
    location.assign(path);
  });

  class TitleBar extends Observed {
    buttons() {
      return [...this.querySelectorAll("button, a")];
    }
    changed() {
      if (this.closest("ui-modal")) return;
      tell("titleBar", {
        title: this.getAttribute("title") ?? document.title,
        buttons: this.buttons().map((button, index) => ({
          index, label: button.textContent.trim(), primary: button.getAttribute("variant") === "primary",
          disabled: button.hasAttribute("disabled"),
        })),
      });
    }
    removed() {
      tell("titleBar", { title: "", buttons: [] });
    }
  }
  on("titleBar", ({ index }) => {
    const bar = [...document.querySelectorAll("ui-title-bar")].find((candidate) => !candidate.closest("ui-modal"));
    const button = bar?.buttons()[index];
    if (button instanceof HTMLAnchorElement) follow(button);
    else button?.click();
  });

  class SaveBar extends Observed {
    changed() {
      if (visible.saveBar === this.id) saveBar.show(this.id);
    }
    removed() {
      saveBar.hide(this.id);
    }
    show() {
      return saveBar.show(this.id);
    }
    hide() {
      return saveBar.hide(this.id);
    }
    get showing() {
      return visible.saveBar === this.id;
    }
  }

  class ModalElement extends HTMLElement {
    connectedCallback() {
      this.style.display = "none";
    }
    get isOpen() {
      return Boolean(this.dialog?.open);
    }
    open() {
      if (this.isOpen) return;
      const bar = this.querySelector("ui-title-bar");
      const source = this.getAttribute("src");
      this.dialog = document.createElement("dialog");
      this.dialog.setAttribute("aria-label", bar?.getAttribute("title") ?? "");
      this.dialog.style.cssText = "border:0;border-radius:12px;padding:16px;min-width:min(32rem,90vw);box-shadow:0 8px 30px #0005";
      if (source) {
        const frame = document.createElement("iframe");
        frame.src = source;
        frame.style.cssText = "border:0;width:100%;min-height:60vh";
        this.dialog.append(frame);
      } else {
        this.moved = [...this.childNodes].filter((node) => node !== bar);
        this.dialog.append(...this.moved);
      }
      this.dialog.addEventListener("close", () => this.close());
      document.body.append(this.dialog);
      this.dialog.showModal();
      this.dispatchEvent(new Event("show"));
    }
    close() {
      if (!this.dialog) return;
      const dialog = this.dialog;
      this.dialog = null;
      if (this.moved) this.append(...this.moved);
      this.moved = null;
      dialog.close();
      dialog.remove();
      this.dispatchEvent(new Event("hide"));
    }
    show() {
      return Promise.resolve(this.open());
    }
    hide() {
      return Promise.resolve(this.close());
    }
    toggle() {
      return this.isOpen ? this.close() : this.open();
    }
  }

  class AppNav extends NavMenu {}
  const elements = { "ui-nav-menu": NavMenu, "s-app-nav": AppNav, "ui-title-bar": TitleBar, "ui-save-bar": SaveBar, "ui-modal": ModalElement };
  for (const [name, type] of Object.entries(elements)) if (!customElements.get(name)) customElements.define(name, type);

  // --- the public object -----------------------------------------------------------------------------------------
  const resourcePicker = ({ type = "product", multiple = false, query: search = "", filter = {} } = {}) =>
    ask("resourcePicker", { type, multiple, query: search, filter });

  window.shopify = {
    config,
    origin: adminOrigin,
    ready: Promise.resolve(),
    environment: { mobile: matchMedia("(max-width: 490px)").matches, embedded, pos: false },
    idToken,
    user: () => ask("user"),
    loading: (shown = true) => tell("loading", { shown: Boolean(shown) }),
    toast,
    modal,
    saveBar,
    resourcePicker,
    scopes: {
      query: () => ask("scopes.query"),
      request: (scopes) => ask("scopes.request", { scopes }),
    },
  };

  // --- start -----------------------------------------------------------------------------------------------------
  const reload = query.get("shopify-reload");
  if (embedded && reload) {
    const target = new URL(reload, location.href);
    if (target.origin === location.origin) {
      freshToken().then((text) => {
        target.searchParams.set("id_token", text);
        location.replace(target.href);
      });
    }
  } else if (embedded) {
    reportPath();
  } else if (config.host && config.shop && enabled("auto-redirect")) {
    const handle = config.shop.replace(/\.myshopify\.com$/, "");
    location.replace(`${adminOrigin}/store/${encodeURIComponent(handle)}/app${appPath()}`);
  }
})();
