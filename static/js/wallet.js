/* Keeps the card readable without a network, and lets it be printed. The page works without all of this. */
(() => {
  "use strict";

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  if (!("serviceWorker" in navigator)) return;
  const root = document.documentElement;
  window.addEventListener("offline", () => root.setAttribute("data-offline", ""));
  window.addEventListener("online", () => root.removeAttribute("data-offline"));
  navigator.serviceWorker.register("/sw.js").catch(() => {});
  /* the first time the worker comes too late for what is drawn already: it is asked for once more, through the worker */
  navigator.serviceWorker.ready.then(() => {
    const keep = () => {
      fetch(location.pathname);
      for (const sheet of document.querySelectorAll("link[rel=stylesheet]")) fetch(sheet.href);
      for (const use of document.querySelectorAll("use")) fetch(use.getAttribute("href").split("#")[0]);
    };
    if (navigator.serviceWorker.controller) keep();
    else navigator.serviceWorker.addEventListener("controllerchange", keep, { once: true });
  });
})();
