// Keeps the room's shell for where there is no network. Set before it: const GIVEN = { version, shell, files, scope }.
//
// Only the shell and the files named are kept, none of which says anything about anybody. Nothing posted, no data, no other page
// ever passes through here. A new version waits until no page uses the old one.

const KEPT = `proposals ${GIVEN.scope} `;
const NAME = KEPT + GIVEN.version;
const ROUTE = /\/proposals\/write\/$/;

self.addEventListener("install", (event) => {
  const shell = new Request(GIVEN.shell, { redirect: "error", cache: "no-cache" });
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([shell, ...GIVEN.files])));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith(KEPT) && name !== NAME);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (GIVEN.files.includes(url.pathname)) event.respondWith(kept(url.pathname).then((found) => found ?? fetch(request)));
  else if (request.mode === "navigate" && ROUTE.test(url.pathname)) event.respondWith(fetch(request).catch(() => kept(GIVEN.shell)));
});

function kept(path) {
  return caches.open(NAME).then((cache) => cache.match(path));
}
