/*
 * The admin's side of App Bridge: answers the frame, shows its toasts, bars and menu, and keeps the address in step.
 * Only messages that come from the app's own origin and from that very frame are heard.
 */
(() => {
  "use strict";
  const main = document.getElementById("main");
  const frame = document.getElementById("app-frame");
  const { handle, origin, secret } = main.dataset;
  const home = `/store/${handle}/app`;
  const title = document.getElementById("app-title");
  const actions = document.getElementById("app-actions");
  const menu = document.getElementById("app-menu");
  const appName = title.textContent;
  let homePath = null;

  const send = (message) => frame.contentWindow.postMessage({ from: "admin", ...message }, origin);
  const tell = (event, detail) => send({ event, detail });

  const button = (label, act, { primary = false, disabled = false } = {}) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = primary ? "button primary" : "button";
    made.textContent = label;
    made.disabled = disabled;
    made.addEventListener("click", act);
    return made;
  };
  const plain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0);
  const closed = (dialog) =>
    new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));

  // --- save bar --------------------------------------------------------------------------------------------------
  let bar = null;
  const hideBar = () => {
    bar?.remove();
    bar = null;
  };
  const askToLeave = async () => {
    const dialog = document.getElementById("leave");
    dialog.returnValue = "stay";
    dialog.showModal();
    return (await closed(dialog)) === "leave";
  };
  const mayLeave = async () => {
    if (!bar) return true;
    if (!(await askToLeave())) return false;
    hideBar();
    return true;
  };

  const ask = {
    async idToken() {
      const response = await fetch(`/store/${handle}/session-token`, { method: "POST", headers: { "X-Frame-Secret": secret } });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error);
      return answer.token;
    },
    async user() {
      return { accountAccess: "full" };
    },
    async "saveBar.leaveConfirmation"() {
      if (await mayLeave()) return null;
      throw new Error("The merchant stays on this page");
    },
    async "scopes.query"() {
      const granted = main.dataset.scopes.split(" ").filter(Boolean);
      return { granted, required: granted, optional: [] };
    },
    async "scopes.request"() {
      return { result: "declined-all" };
    },
    async resourcePicker({ multiple, query }) {
      const dialog = document.getElementById("picker");
      const search = document.getElementById("picker-search");
      const choices = document.getElementById("picker-choices");
      const chosen = new Map();
      const draw = async () => {
        const found = await (await fetch(`/store/${handle}/search?q=${encodeURIComponent(search.value)}`)).json();
        choices.replaceChildren(
          ...found.map((product) => {
            const item = document.createElement("li");
            const label = document.createElement("label");
            const box = document.createElement("input");
            box.type = multiple ? "checkbox" : "radio";
            box.name = "choice";
            box.checked = chosen.has(product.id);
            box.addEventListener("change", () => {
              if (!multiple) chosen.clear();
              if (box.checked) chosen.set(product.id, product);
              else chosen.delete(product.id);
            });
            label.append(box, product.title);
            item.append(label);
            return item;
          }),
        );
      };
      search.value = query ?? "";
      search.oninput = draw;
      await draw();
      dialog.returnValue = "cancel";
      dialog.showModal();
      if ((await closed(dialog)) !== "choose" || chosen.size === 0) return undefined;
      return [...chosen.values()];
    },
  };

  const toasts = new Map();
  let progress = null;
  const hear = {
    "toast.show"({ id, message, isError, duration, action }) {
      toasts.set(id, window.sandboxToast({
        message, isError, action, duration: duration ?? 5000,
        onAction: () => tell("toast", { id, what: "action" }),
        onDismiss: () => tell("toast", { id, what: "dismiss" }),
      }));
    },
    "toast.hide"({ id }) {
      toasts.get(id)?.leave();
    },
    loading({ shown }) {
      progress?.remove();
      progress = null;
      if (!shown) return;
      progress = document.createElement("div");
      progress.className = "progress";
      progress.setAttribute("role", "progressbar");
      progress.setAttribute("aria-label", "Loading");
      document.body.append(progress);
    },
    "saveBar.show"({ save, discard, confirmDiscard }) {
      hideBar();
      bar = document.createElement("div");
      bar.className = "savebar";
      bar.setAttribute("role", "region");
      bar.setAttribute("aria-label", "Unsaved changes");
      const text = document.createElement("span");
      text.textContent = "Unsaved changes";
      const drop = async () => (!confirmDiscard || (await askToLeave())) && tell("saveBar", "discard");
      bar.append(
        text,
        button(discard.label ?? "Discard", drop, discard),
        button(save.label ?? "Save", () => tell("saveBar", "save"), { primary: true, disabled: save.disabled || save.loading }),
      );
      document.body.append(bar);
    },
    "saveBar.hide": hideBar,
    menu({ home: path, items }) {
      homePath = path;
      menu.replaceChildren(
        ...items.map(({ label, path }) => {
          const link = document.createElement("a");
          link.href = home + path;
          link.textContent = label;
          link.dataset.path = path;
          link.addEventListener("click", async (event) => {
            if (!plain(event)) return;
            event.preventDefault();
            if (await mayLeave()) tell("menu", { path });
          });
          return link;
        }),
      );
      mark();
    },
    titleBar({ title: text, buttons }) {
      title.textContent = text || appName;
      actions.replaceChildren(
        ...buttons.map(({ index, label, primary, disabled }) =>
          button(label, () => tell("titleBar", { index }), { primary, disabled }),
        ),
      );
    },
    navigation({ path }) {
      history.replaceState(null, "", home + (path === "/" ? "" : path));
      mark();
    },
    redirect({ url, target }) {
      const inside = /^shopify:(?:\/\/)?admin\/?(.*)$/.exec(url);
      const address = inside ? `/store/${handle}/${inside[1] || "products"}` : new URL(url);
      if (!inside && !["http:", "https:"].includes(address.protocol)) return;
      if (target === "_blank") window.open(String(address), "_blank", "noopener");
      else location.assign(String(address));
    },
  };

  const mark = () => {
    const here = location.pathname.slice(home.length) || "/";
    for (const link of menu.querySelectorAll("a")) {
      if (link.dataset.path.split("?")[0] === here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };

  window.addEventListener("message", async (message) => {
    if (message.origin !== origin || message.source !== frame.contentWindow || message.data?.from !== "app-bridge") return;
    const { id, method, params } = message.data;
    if (id === undefined) {
      if (Object.hasOwn(hear, method)) hear[method](params);
      return;
    }
    if (!Object.hasOwn(ask, method)) {
      send({ id, error: `App Bridge: the sandbox does not know ${method}` });
      return;
    }
    try {
      send({ id, result: await ask[method](params) });
    } catch (error) {
      send({ id, error: error.message });
    }
  });

  frame.src = frame.dataset.src; // only now is somebody there to hear it

  for (const link of document.querySelectorAll(".rail > a, .topbar a")) {
    link.addEventListener("click", async (event) => {
      const inApp = link.id === "app-home" && homePath !== null;
      if (!plain(event) || (!bar && !inApp)) return;
      event.preventDefault();
      if (!(await mayLeave())) return;
      if (inApp) tell("menu", { path: homePath });
      else location.assign(link.href);
    });
  }
})();
