// Where the log of a session lies on this device: an IndexedDB store of rows {key, session, event, sent}.

const DATABASE = "tautband-session";
const STORE = "events";

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export async function openShelf() {
  let database;
  try {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "key" });
    database = await asked(opening);
  } catch {
    return { all: async () => [], put: () => Promise.reject(new Error("no shelf")), remove: async () => undefined };
  }
  const change = (act) =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
      act(transaction.objectStore(STORE));
    });
  return {
    all: () => asked(database.transaction(STORE).objectStore(STORE).getAll()),
    put: (...rows) => change((store) => rows.forEach((row) => store.put(row))),
    remove: (keys) => change((store) => keys.forEach((key) => store.delete(key))),
  };
}

/** Take away what the server has; what still waits to be sent stays, whoever is signed in. */
export async function forgetSent(session = null) {
  const shelf = await openShelf();
  const rows = await shelf.all();
  const gone = rows.filter((row) => row.sent && (session === null || row.session === session));
  if (gone.length) await shelf.remove(gone.map((row) => row.key));
}
