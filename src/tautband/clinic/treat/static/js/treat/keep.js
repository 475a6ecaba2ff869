// Keep the page of a running session on this device (`worker.js`), and forget it again.

const FAMILY = "tautband-session/";

/** Keep this page, its files and what else it opens that is nobody's. True once all of it is here; false where this browser or address cannot. */
export async function keepHere(workerAddress, others = []) {
  const scope = location.pathname;
  try {
    const registration = await navigator.serviceWorker.register(workerAddress, { scope });
    const worker = await active(registration);
    const seen = performance.getEntriesByType("resource").map((entry) => entry.name.replace(/#.*/, ""));
    const assets = [...new Set(seen)].filter((name) => name.startsWith(`${location.origin}/static/`));
    return await new Promise((resolve) => {
      const line = new MessageChannel();
      line.port1.onmessage = (event) => resolve(event.data);
      worker.postMessage({ assets: [...assets, ...others] }, [line.port2]);
    });
  } catch {
    return false; // not over TLS, a private window, or no room: the log is kept all the same
  }
}

function active(registration) {
  if (registration.active) return registration.active;
  const coming = registration.installing ?? registration.waiting;
  return new Promise((resolve, reject) => {
    coming.addEventListener("statechange", () => {
      if (coming.state === "activated") resolve(coming);
      if (coming.state === "redundant") reject(new Error("the worker was not taken"));
    });
  });
}

/** Forget the kept page of one session, or of all where no scope is given. */
export async function forgetKept(scope = "") {
  const names = (await globalThis.caches?.keys()) ?? [];
  await Promise.all(names.filter((name) => name.startsWith(FAMILY) && name.endsWith(scope)).map((name) => caches.delete(name)));
  const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  const ours = registrations.filter((each) => each.active?.scriptURL.endsWith("/treat/worker.js") && each.scope.endsWith(scope));
  await Promise.all(ours.map((each) => each.unregister()));
}
