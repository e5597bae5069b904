/* What the desk does beyond plain pages. Everything here is a convenience: each page works without it. */
(() => {
  "use strict";

  /* Toasts: those without an Undo go by themselves, those with one stay until closed or the next page. */
  const LEAVES_AFTER_MS = 6000;
  function wakeToasts(root) {
    for (const toast of root.querySelectorAll("[data-toast]:not([data-awake])")) {
      toast.dataset.awake = "";
      const close = toast.querySelector("[data-toast-close]");
      close.hidden = false;
      close.addEventListener("click", () => toast.remove());
      if ("stays" in toast.dataset) continue;
      let timer = setTimeout(() => toast.remove(), LEAVES_AFTER_MS);
      toast.addEventListener("pointerenter", () => clearTimeout(timer));
      toast.addEventListener("focusin", () => clearTimeout(timer));
      toast.addEventListener("pointerleave", () => {
        timer = setTimeout(() => toast.remove(), LEAVES_AFTER_MS);
      });
    }
  }

  /* A form sent twice by an impatient finger is sent once. */
  function guardForms() {
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (form.method !== "post" || event.defaultPrevented) return;
      if ("sent" in form.dataset) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "";
      setTimeout(() => delete form.dataset.sent, 4000);
    });
    window.addEventListener("pageshow", () => {
      for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    });
  }

  /* Light or dark, kept in a cookie so that the server draws the page right from the first byte. */
  function wakeThemes() {
    const root = document.documentElement;
    for (const group of document.querySelectorAll("[data-themes]")) {
      group.hidden = false;
      const show = () => {
        for (const button of group.querySelectorAll("[data-theme-choice]")) {
          const chosen = button.dataset.themeChoice === (root.dataset.theme || "auto");
          if (chosen) button.setAttribute("aria-current", "true");
          else button.removeAttribute("aria-current");
        }
      };
      group.addEventListener("click", (event) => {
        const button = event.target.closest("[data-theme-choice]");
        if (!button) return;
        const choice = button.dataset.themeChoice;
        if (choice === "auto") delete root.dataset.theme;
        else root.dataset.theme = choice;
        const age = choice === "auto" ? 0 : 31536000;
        document.cookie = `theme=${choice}; path=/; max-age=${age}; samesite=lax`;
        show();
      });
      show();
    }
  }

  /* A sheet opened by a link to its id (#sheet-...) or with data-open is shown at once. */
  function wakeSheets() {
    const wanted = location.hash.startsWith("#sheet-") ? document.querySelector(location.hash) : null;
    const sheet = wanted || document.querySelector(".sheet[data-open]");
    if (sheet && sheet.showPopover && !sheet.matches(":popover-open")) sheet.showPopover();
  }

  /* A refused form shows its first wrong place at once; what is wrong also stands at the top, with a link to it. */
  function showWrong() {
    const place = document.querySelector("main .is-invalid, main [data-wrong]");
    if (!place) return;
    for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    place.scrollIntoView({ block: place.matches("[data-wrong]") ? "start" : "center" });
    place.focus({ preventScroll: true });
  }

  /* A fold that is opened above the bar unfolds under it: what stands in it comes into sight. */
  function wakeFolds() {
    document.addEventListener("click", (event) => {
      const summary = event.target.closest("details.quiet > summary");
      const fold = summary && summary.parentElement;
      if (fold && !fold.open) fold.addEventListener("toggle", () => fold.scrollIntoView({ block: "nearest" }), { once: true });
    });
  }

  /* The desk searches with "/" from anywhere. */
  function wakeKeys() {
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input, textarea, select, [contenteditable]")) return;
      const box = document.querySelector(".search input[type=search]");
      if (!box) return;
      event.preventDefault();
      box.focus();
    });
  }

  function wakePrint() {
    for (const button of document.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    }
  }

  function wakeOffline() {
    if (!("serviceWorker" in navigator)) return;
    if (document.body.classList.contains("desk")) {
      navigator.serviceWorker.register("/sw.js").catch(() => {});
      const root = document.documentElement;
      window.addEventListener("offline", () => root.setAttribute("data-offline", ""));
      window.addEventListener("online", () => root.removeAttribute("data-offline"));
    } else if (document.querySelector("[data-signed-out]") && "caches" in window) {
      /* Whoever logs out leaves no copy of the day behind on a shared tablet. */
      caches.delete("regulars-today");
    }
  }

  wakeToasts(document);
  guardForms();
  wakeThemes();
  wakeSheets();
  wakeFolds();
  wakeKeys();
  showWrong();
  wakePrint();
  wakeOffline();
  document.addEventListener("htmx:afterSettle", () => wakeToasts(document));
})();
