/* The camera reads a card's or voucher's QR into a field; typing it stays the other way. Nothing leaves the page:
   the browser's own reader is used where there is one, else the one in vendor/qr, fetched when it is needed. */

const BETWEEN_LOOKS_MS = 120;
/* a code of ten signs is read long before; a bigger picture only takes longer */
const WIDEST = 800;

async function reader() {
  if ("BarcodeDetector" in window) {
    const known = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
    if (known.includes("qr_code")) {
      const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
      return async (canvas) => (await detector.detect(canvas))[0]?.rawValue || "";
    }
  }
  const { decodeQR } = await import("../vendor/qr/decode.js");
  return async (canvas) => {
    const { width, height } = canvas;
    const image = canvas.getContext("2d").getImageData(0, 0, width, height);
    try {
      return decodeQR(image);
    } catch {
      return ""; /* no code in this picture */
    }
  };
}

function draw(video, canvas) {
  const scale = Math.min(1, WIDEST / video.videoWidth);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d", { willReadFrequently: true }).drawImage(video, 0, 0, canvas.width, canvas.height);
}

async function look(scanner) {
  const video = scanner.querySelector("video");
  const words = scanner.querySelector("[data-scanner-words]");
  if (video.srcObject) return;
  scanner.hidden = false;
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment" } });
  } catch {
    scanner.querySelector("[data-scanner-view]").hidden = true;
    words.textContent = scanner.dataset.noCamera;
    return;
  }
  video.srcObject = stream;
  await video.play();
  const read = await reader();
  const canvas = document.createElement("canvas");
  while (video.srcObject && scanner.isConnected) {
    if (video.videoWidth) {
      draw(video, canvas);
      const found = (await read(canvas)).trim();
      if (found && video.srcObject) {
        stop(scanner);
        take(scanner, found);
        return;
      }
    }
    await new Promise((go) => setTimeout(go, BETWEEN_LOOKS_MS));
  }
  stop(scanner);
  for (const track of stream.getTracks()) track.stop();
}

function stop(scanner) {
  const video = scanner.querySelector("video");
  for (const track of video.srcObject?.getTracks() || []) track.stop();
  video.srcObject = null;
}

function take(scanner, found) {
  const field = document.querySelector(scanner.dataset.fills);
  if (!field) return;
  field.value = found.slice(0, 40);
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(60);
  scanner.hidden = true;
  if ("sends" in scanner.dataset) field.form.requestSubmit();
  else field.dispatchEvent(new Event("change", { bubbles: true }));
}

function wake(root) {
  if (!navigator.mediaDevices) return;
  for (const button of root.querySelectorAll("[data-scan]")) button.hidden = false;
  for (const scanner of root.querySelectorAll("[data-scanner][data-at-once]")) look(scanner);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-scan]");
  if (button) look(document.querySelector(button.dataset.scan));
});
/* whoever leaves the page or looks at another one is not filmed on */
document.addEventListener("visibilitychange", () => {
  if (document.hidden) for (const scanner of document.querySelectorAll("[data-scanner]")) stop(scanner);
});
document.addEventListener("htmx:afterSettle", (event) => wake(event.target));
wake(document);
