// The service worker: answers from a cache that holds one whole version of the site. The files have their
// content's hash in their names, and this file changes with the list of them, so a version is never mixed with
// another: a new worker fills a cache of its own and waits. pkg-scripts/lib/finish-site.mjs fills in the lists.

const VERSION = "";
const FILES = [];

const PREFIX = "swap-playground-";
const CACHE = PREFIX + VERSION;
// The page itself, by both of its names and whatever its query.
const PAGE = new URL("./", self.location).href;
const PAGES = [PAGE, new URL("./index.html", self.location).href];

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      // Past the browser's own cache: what an intermediary kept too long would be the wrong version.
      await cache.addAll(FILES.map((file) => new Request(new URL(file, self.location), { cache: "no-cache" })));
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
      // The first visit is kept too.
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

async function answer(request) {
  const cache = await caches.open(CACHE);
  const url = new URL(request.url);
  const page = request.mode === "navigate" && PAGES.includes(url.origin + url.pathname);
  const kept = await cache.match(page ? PAGE : request, { ignoreSearch: page });
  return kept ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === self.location.origin) {
    event.respondWith(answer(request));
  }
});
