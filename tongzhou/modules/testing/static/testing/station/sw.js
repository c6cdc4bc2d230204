/* Keeps the shell of the station, so that it opens without a network: the page without any data, its scripts, its look. Never data.
   VERSION and SHELL ({address: SHA-256, or "" for a page}) are put before this by the server; a new version has another text. */

const NAME = `station-${VERSION}`;

/** All of it or nothing: a login page in the place of a script would be kept for good. */
async function fetched(address, digest) {
  const answer = await fetch(address, { cache: "reload", redirect: "error", ...(digest && { integrity: `sha256-${digest}` }) });
  if (!answer.ok || (!digest && answer.headers.get("x-station") !== VERSION)) throw new Error(address);
  return answer;
}

self.addEventListener("install", (event) => event.waitUntil((async () => {
  const answers = await Promise.all(Object.entries(SHELL).map(async ([address, digest]) => [address, await fetched(address, digest)]));
  const cache = await caches.open(NAME);
  await Promise.all(answers.map(([address, answer]) => cache.put(address, answer)));
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("station-") && name !== NAME) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener("fetch", (event) => {
  const { pathname, search, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin || !(pathname + search in SHELL)) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    return (await cache.match(pathname + search, { ignoreVary: true })) ?? fetch(event.request);
  })());
});
