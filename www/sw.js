// The service worker: answers from caches that hold one whole version of the site each. The files have their
// content's hash in their names, and this file changes with the list of them, so a version is never mixed with
// another: a new worker fills a cache of its own and waits. A tab gets all its files from the version that its page
// is of, also when another tab has put a newer one in charge. pkg-scripts/lib/finish-site.mjs fills in the lists.

const VERSION = "";
const FILES = [];

// Other deployments on the same origin have other paths, and caches of their own.
const PREFIX = `swap-playground ${new URL("./", self.location).pathname} `;
const CACHE = PREFIX + VERSION;
// Which cache the page of each tab came from.
const TABS = `${PREFIX}tabs`;
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
      const versions = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== TABS);
      // Pages that are older than the first worker are of its version.
      if (versions.length === 1) await Promise.all((await windows()).map(({ id }) => remember(id)));
      await deleteUnused();
      // The first visit is kept too.
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
  // A page that was just loaded may have been the last one of an earlier version.
  if (event.data === "loaded") event.waitUntil(deleteUnused());
});

const tabKey = (id) => new URL(`./tab/${encodeURIComponent(id)}`, self.location).href;

const windows = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

async function remember(id) {
  await (await caches.open(TABS)).put(tabKey(id), new Response(CACHE));
}

// The cache that the files of a tab come from.
async function cacheFor(id) {
  const kept = id && (await (await caches.open(TABS)).match(tabKey(id)));
  const name = kept ? await kept.text() : CACHE;
  return caches.open((await caches.has(name)) ? name : CACHE);
}

// Deletes the caches of earlier versions that no tab needs any more.
async function deleteUnused() {
  const tabs = await caches.open(TABS);
  const alive = new Set((await windows()).map(({ id }) => tabKey(id)));
  const needed = new Set([CACHE, TABS]);
  for (const tab of await tabs.keys()) {
    if (alive.has(tab.url)) needed.add(await (await tabs.match(tab)).text());
    else await tabs.delete(tab);
  }
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) ? !needed.has(name) : await isOfBefore(name)) await caches.delete(name);
  }
}

// Earlier versions had no path in the names of their caches: those with this very page in them are ours.
async function isOfBefore(name) {
  return /^swap-playground-\w+$/.test(name) && Boolean(await (await caches.open(name)).match(PAGE));
}

async function answer({ request, clientId, resultingClientId }) {
  const url = new URL(request.url);
  if (request.mode === "navigate" && PAGES.includes(url.origin + url.pathname)) {
    if (resultingClientId) await remember(resultingClientId);
    return (await (await caches.open(CACHE)).match(PAGE)) ?? fetch(request);
  }
  return (await (await cacheFor(clientId)).match(request)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === self.location.origin) {
    event.respondWith(answer(event));
  }
});
