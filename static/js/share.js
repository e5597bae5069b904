/* Handing on a link: the telephone's own sheet where there is one, else a copy. Without it the field and the links stand. */
(() => {
  "use strict";

  for (const box of document.querySelectorAll("[data-share]")) {
    const share = box.querySelector("[data-share-button]");
    const copy = box.querySelector("[data-copy-button]");
    const field = box.querySelector("input");
    field.addEventListener("focus", () => field.select());
    if (navigator.share) {
      share.hidden = false;
      share.addEventListener("click", () => {
        /* closed without sharing is no fault */
        navigator.share({ text: box.dataset.shareText, url: box.dataset.shareUrl }).catch(() => {});
      });
    }
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(box.dataset.shareUrl);
      } catch {
        field.select();
        document.execCommand("copy");
      }
      copy.querySelector("span").textContent = copy.dataset.copied;
    });
  }
})();
