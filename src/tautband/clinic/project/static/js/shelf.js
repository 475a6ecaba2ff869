// What waits on this device to be sent: parcels {key, name, at, ...} in IndexedDB, which survives a closed tab.
//
//   const shelf = await openShelf();
//   await shelf.all()            every parcel of every page
//   await shelf.put(parcel, [])  keep one; the keys in the list go in the same step
//   await shelf.remove(key)
//
// Who uses it says by `name` which parcels are theirs. Where a browser has no IndexedDB (some private windows) `put`
// rejects, so that a page can say that nothing is kept here.

const DATABASE = "tautband";
const STORE = "parcels";

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
    return memoryShelf();
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
    put: (parcel, gone) =>
      change((store) => {
        for (const key of gone) store.delete(key);
        if (parcel) store.put(parcel);
      }),
    remove: (key) => change((store) => store.delete(key)),
  };
}

/** What still waits to be sent, before somebody leaves; files kept only for a late form go now. */
export async function leaving() {
  const shelf = await openShelf();
  const all = await shelf.all();
  for (const parcel of all) if (parcel.name === "late-files") await shelf.remove(parcel.key);
  return all.filter((parcel) => parcel.name !== "late-files");
}

function memoryShelf() {
  return {
    all: async () => [],
    put: async () => {
      throw new Error("Nothing can be kept on this device.");
    },
    remove: async () => undefined,
  };
}
