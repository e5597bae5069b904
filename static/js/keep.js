/* Words that are kept while they are written (textarea[data-keeps]): htmx sends them after a pause, this what a pause would lose. */
(() => {
  "use strict";

  /* what is known to be kept, by its box; of a box that was never sent: what it came with */
  const kept = new WeakMap();
  const boxes = () => document.querySelectorAll("textarea[data-keeps]");
  const isNew = (box) => box.value !== (kept.get(box) ?? box.defaultValue);
  const keep = (box) => {
    if (isNew(box)) window.htmx.trigger(box, "keep");
  };

  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, requestConfig, successful } = event.detail;
    if (successful && elt.matches("textarea[data-keeps]")) kept.set(elt, requestConfig.formData.get(elt.name));
  });

  /* typed before the scripts had come, or left in the box by the browser; htmx is awake by now */
  document.addEventListener("DOMContentLoaded", () => boxes().forEach(keep));

  /* she turns to something else; a button of the same form sends the words itself */
  document.addEventListener("focusout", (event) => {
    if (event.target.matches("textarea[data-keeps]") && !event.target.form.contains(event.relatedTarget)) keep(event.target);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) boxes().forEach(keep);
  });

  /* she is called away: the page goes, and nobody waits for the answer */
  window.addEventListener("pagehide", () => {
    for (const box of boxes()) {
      if (!isNew(box)) continue;
      navigator.sendBeacon(box.getAttribute("hx-post"), new FormData(box.form));
      kept.set(box, box.value);
    }
  });
})();
