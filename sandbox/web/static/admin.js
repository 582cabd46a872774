/* The admin page: fields that save themselves, dialogs, toasts. */
(() => {
  "use strict";
  const toasts = document.getElementById("toasts");

  window.sandboxToast = ({ message, isError = false, duration = 4000, action, onAction, onDismiss }) => {
    const toast = document.createElement("div");
    toast.className = isError ? "toast bad" : "toast";
    const text = document.createElement("span");
    text.textContent = message;
    toast.append(text);
    const leave = () => {
      if (!toast.isConnected) return;
      toast.remove();
      onDismiss?.();
    };
    const button = (label, name, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = name;
      made.textContent = label;
      made.addEventListener("click", () => {
        act?.();
        leave();
      });
      toast.append(made);
    };
    if (action) button(action, "action", onAction);
    button("✕", "close");
    toast.lastChild.setAttribute("aria-label", "Dismiss");
    toasts.append(toast);
    setTimeout(leave, duration);
    return { leave };
  };

  const post = async (address, body) => {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(answer.error ?? "That did not work. Reload the page and try again.");
    return answer;
  };

  const save = async (field) => {
    const before = field.dataset.saved ?? field.defaultValue ?? "";
    if (field.value === before && field.tagName !== "SELECT") return;
    field.dataset.state = "saving";
    field.removeAttribute("aria-invalid");
    try {
      const answer = await post(field.dataset.save, { name: field.dataset.name, value: field.value });
      field.value = answer.value;
      field.dataset.saved = answer.value;
      field.dataset.state = "saved";
      window.sandboxToast({ message: `${field.getAttribute("aria-label")} saved`, duration: 2500 });
      setTimeout(() => field.dataset.state === "saved" && delete field.dataset.state, 2000);
    } catch (error) {
      field.dataset.state = "failed";
      field.setAttribute("aria-invalid", "true");
      window.sandboxToast({ message: error.message, isError: true, duration: 6000 });
    }
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-save]")) save(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.("input[data-save]")) return;
    if (event.key === "Enter") event.target.blur();
    if (event.key === "Escape") {
      event.target.value = event.target.dataset.saved ?? event.target.defaultValue;
      delete event.target.dataset.state;
      event.target.blur();
    }
  });

  const remove = async (button) => {
    const dialog = document.getElementById("confirm-delete");
    dialog.querySelector("[data-subject]").textContent = button.dataset.title;
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    if (dialog.returnValue !== "yes") return;
    try {
      await post(button.dataset.delete, {});
      const row = button.closest("[data-product]");
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      next?.querySelector("input")?.focus();
      window.sandboxToast({ message: "Product deleted" });
    } catch (error) {
      window.sandboxToast({ message: error.message, isError: true });
    }
  };

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const pick = (selector) => target?.closest(selector);
    let found;
    if ((found = pick("[data-open]"))) document.getElementById(found.dataset.open).showModal();
    else if ((found = pick("[data-close]"))) found.closest("dialog").close();
    else if ((found = pick("[data-delete]"))) remove(found);
    else if ((found = pick("[data-more]"))) {
      const article = found.closest("[data-product]");
      for (const row of article.querySelectorAll("tr[hidden]")) row.hidden = false;
      found.remove();
    }
    const open = document.querySelector(".topbar details[open]");
    if (open && !open.contains(target)) open.open = false;
  });

  /* What others change, the app above all, shows up by itself: whoever edits is left alone. */
  const list = document.getElementById("products");
  const WATCH_MS = 500;
  let revision = list?.dataset.revision;
  /* How long the last change by hand took to move the other shops. */
  const told = document.getElementById("journey");
  const tell = (journey) => {
    const ways = journey?.shops.map(({ name, value, seconds }) =>
      seconds === null ? `${name} still ${value}` : `${name} ${value} after ${seconds.toFixed(2)} s`,
    );
    const text = ways?.length ? `${journey.change} · ${ways.join(" · ")}` : "";
    if (told.textContent === text) return;
    told.textContent = text;
    told.hidden = !text;
  };
  const look = async () => {
    const answer = await (await fetch(list.dataset.watch)).json();
    tell(answer.journey);
    if (String(answer.revision) === revision) return;
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.getElementById("products");
    const editing = (field) => field === document.activeElement || ["saving", "failed"].includes(field.dataset.state);
    const products = (root) => [...root.querySelectorAll("[data-product]")].map((row) => row.dataset.product).join();
    if (products(fresh) !== products(list)) {
      if ([...list.querySelectorAll("[data-save]")].some(editing)) return;
      list.replaceChildren(...fresh.childNodes);
    } else {
      for (const field of list.querySelectorAll("[data-save]")) {
        const { save: address, name } = field.dataset;
        const other = fresh.querySelector(`[data-save="${CSS.escape(address)}"][data-name="${CSS.escape(name)}"]`);
        if (!other || editing(field) || other.value === field.value) continue;
        field.value = other.value;
        field.dataset.saved = other.value;
        if (field.dataset.state !== "saved") field.dataset.state = "changed";
        setTimeout(() => field.dataset.state === "changed" && delete field.dataset.state, 4000);
      }
    }
    revision = fresh.dataset.revision;
  };
  const watch = async () => {
    if (!document.hidden) await look().catch(() => {});
    setTimeout(watch, WATCH_MS);
  };
  if (list) setTimeout(watch, WATCH_MS);
  document.querySelector(".rail [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches('form[action$="/products"][method="post"]')) return;
    event.preventDefault();
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (response.ok) {
      location.assign(response.url);
      return;
    }
    const answer = await response.json().catch(() => ({}));
    window.sandboxToast({ message: answer.error ?? "That did not work.", isError: true });
  });
})();
