/* The office: names for what the theme's widgets leave nameless to a screen reader. */
(() => {
  "use strict";

  function name() {
    /* a field that looks things up is drawn beside its select: it takes the select's label */
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
      const drawn = select.nextElementSibling;
      const label = select.id ? document.querySelector(`label[for="${CSS.escape(select.id)}"]`) : null;
      if (!drawn || !label) continue;
      const words = label.textContent.trim();
      for (const part of drawn.querySelectorAll(".select2-selection, .select2-selection__rendered, .select2-search__field")) {
        if (part.getAttribute("aria-label") !== words) part.setAttribute("aria-label", words);
      }
    }
    /* the side bar's own landmark stands inside the one that has a name */
    document.querySelector("#nav-sidebar-inner:not([role])")?.setAttribute("role", "none");
    /* scrolling boxes all call themselves "scrollable content": they are no landmarks */
    for (const box of document.querySelectorAll('.simplebar-content-wrapper[role="region"]')) {
      box.removeAttribute("role");
      box.removeAttribute("aria-label");
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    name();
    new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  });
})();
