/* Served at /sw.js. Keeps Today, and on a client's phone her card, readable without a network, and the files they are drawn with.
   The page says itself when it was last true: the kept copy is marked data-offline, and its own line shows. */
"use strict";

const TODAY = "regulars-today";
const CARD = "regulars-card";
const FILES = "regulars-files";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function today(request) {
  const cache = await caches.open(TODAY);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && (answer.headers.get("content-type") || "").startsWith("text/html")) {
      await cache.put("/", answer.clone());
    } else if (answer.redirected || answer.status === 401 || answer.status === 403) {
      await caches.delete(TODAY);
    }
    return answer;
  } catch (failure) {
    const kept = await cache.match("/");
    if (!kept) throw failure;
    const page = (await kept.text()).replace("<html ", "<html data-offline ");
    return new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } });
  }
}

/* Her card, as it stood when it was last seen; a link that no longer opens takes nothing away from her own phone. */
async function card(request) {
  const cache = await caches.open(CARD);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await cache.put("/my/card/", answer.clone());
    return answer;
  } catch (failure) {
    const kept = await cache.match("/my/card/");
    if (!kept) throw failure;
    const page = (await kept.text()).replace("<html ", "<html data-offline ");
    return new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } });
  }
}

/* The network first: a kept style sheet beside a new page would tear the page apart. */
async function file(request) {
  const cache = await caches.open(FILES);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (failure) {
    const kept = await cache.match(request);
    if (!kept) throw failure;
    return kept;
  }
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  /* last words of a page that goes: left to the browser they would go with it */
  if (request.method === "POST" && request.keepalive) event.respondWith(fetch(request));
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && url.pathname === "/" && !url.search) event.respondWith(today(request));
  else if (url.pathname === "/my/card/" && !url.search) event.respondWith(card(request));
  else if (url.pathname.startsWith("/static/") || url.pathname === "/brand.css") event.respondWith(file(request));
});
