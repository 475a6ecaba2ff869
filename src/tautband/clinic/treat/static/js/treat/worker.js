// The worker of one running session: it keeps the page of that session on this device, with the style, script, font and
// signs the page asks for, and the empty sheet to draw on, so that it opens again without a network. It keeps nothing else, and it keeps nothing long:
// the page goes when the session is over, when whoever asks is signed out or locked, and after half a day.
//
// Its scope is the one page. Everything that changes something goes to the server and is never answered from here.

const VERSION = 1;
const FAMILY = "tautband-session/";
const scope = new URL(self.registration.scope).pathname;
const NAME = `${FAMILY}${VERSION}${scope}`;
const LONGEST_MS = 12 * 60 * 60 * 1000;
const KEPT_AT = "X-Kept-At";
const SHEET = "/drawing-sheet/"; // an empty figure to draw on, the same for everybody
const DOWN = [502, 503, 504];
const DIGEST = /\.[0-9a-f]{12}\.\w+$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([dropOlder(), self.clients.claim()])));
self.addEventListener("message", (event) => event.waitUntil(keepAll(event.data.assets, event.ports[0])));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (address.pathname === scope && !address.search) event.respondWith(page(request));
  } else if (address.pathname.startsWith("/static/") || address.pathname === SHEET) event.respondWith(asset(request));
});

/** Caches of an earlier version of this worker hold pages that it no longer understands. */
async function dropOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(FAMILY) && name.endsWith(scope) && name !== NAME).map((name) => caches.delete(name)));
}

/** The page from the server; the kept one only where nobody answers. */
async function page(request) {
  let answer;
  try {
    answer = await fetch(request);
  } catch {
    return (await keptPage()) ?? Response.error();
  }
  if (DOWN.includes(answer.status)) return (await keptPage()) ?? answer;
  if (isRunning(answer)) await putPage(answer.clone());
  else await caches.delete(NAME);
  return answer;
}

/** Only the screen of a running session says this of itself: not the lock, the sign-in or the list. */
const isRunning = (answer) => answer.ok && answer.headers.get("X-Tautband-Keep") === "session";

async function putPage(answer) {
  const headers = new Headers(answer.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  headers.set(KEPT_AT, String(Date.now()));
  await (await caches.open(NAME)).put(scope, new Response(await answer.text(), { headers }));
}

/** The kept page, which says of itself that it comes from here; null where there is none, or it is too old. */
async function keptPage() {
  const kept = await caches.match(scope, { cacheName: NAME, ignoreVary: true });
  if (!kept) return null;
  if (Date.now() - Number(kept.headers.get(KEPT_AT)) > LONGEST_MS) {
    await caches.delete(NAME);
    return null;
  }
  const text = (await kept.text()).replace("data-run hidden", "data-run data-from-device hidden");
  return new Response(text, { headers: kept.headers });
}

/** A name with a digest of what is in it never goes stale; any other is asked for, and kept for when nobody answers. */
async function asset(request) {
  const cache = await caches.open(NAME);
  const kept = await cache.match(request.url, { ignoreVary: true });
  if (kept && DIGEST.test(request.url)) return kept;
  try {
    const answer = await fetch(request);
    if (answer.status === 200 && answer.type === "basic") await cache.put(request.url, answer.clone());
    return answer;
  } catch (nobody) {
    if (kept) return kept;
    throw nobody;
  }
}

/** Keep the page and what it is made of; tell whether all of it is here now. */
async function keepAll(assets, told) {
  let whole = true;
  const cache = await caches.open(NAME);
  try {
    if (!(await cache.match(scope, { ignoreVary: true }))) {
      const answer = await fetch(scope, { redirect: "manual" });
      if (isRunning(answer)) await putPage(answer);
      else whole = false;
    }
    const missing = [];
    for (const address of assets) if (!(await cache.match(address, { ignoreVary: true }))) missing.push(address);
    await cache.addAll(missing);
  } catch {
    whole = false; // the network went while it was kept: the next load tries again
  }
  if (!whole) await caches.delete(NAME);
  told?.postMessage(whole);
}
