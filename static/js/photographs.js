/* Photographs are made smaller on the telephone, so that several of them get through a slow network in a moment. The server
   draws each anew in any case: where this does not work, the file goes as it is. */
(() => {
  "use strict";

  const LONGEST_SIDE = 1600;
  const QUALITY = 0.9;

  async function smaller(file) {
    try {
      const picture = await createImageBitmap(file);
      const share = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
      const sheet = document.createElement("canvas");
      sheet.width = Math.round(picture.width * share);
      sheet.height = Math.round(picture.height * share);
      const pen = sheet.getContext("2d");
      /* what is seen through is white, as on the server */
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, sheet.width, sheet.height);
      pen.drawImage(picture, 0, 0, sheet.width, sheet.height);
      picture.close();
      const drawn = await new Promise((done) => sheet.toBlob(done, "image/jpeg", QUALITY));
      return drawn && drawn.size < file.size ? new File([drawn], file.name, { type: "image/jpeg" }) : file;
    } catch {
      return file;
    }
  }

  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches || !input.matches("[data-photographs] input[type=file]")) return;
    const chosen = [...input.files];
    const count = input.parentElement.querySelector("output");
    if (count) count.textContent = chosen.length ? chosen.length.toLocaleString(document.documentElement.lang) : "";
    if (!("DataTransfer" in window) || !("createImageBitmap" in window)) return;
    const basket = new DataTransfer();
    for (const file of chosen) basket.items.add(await smaller(file));
    /* another choice in the meantime stands */
    if (input.files.length === chosen.length && chosen.every((file, place) => input.files[place] === file)) {
      input.files = basket.files;
    }
  });
})();
