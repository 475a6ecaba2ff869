// The log of a session on this device: every event is kept in IndexedDB before anything else, then sent, and stays
// there until the server says it has it. Sending twice is harmless: an event is known by its key.
//
//   const log = new SessionLog(name, send, say)
//   await log.left()       what an earlier page could not send
//   log.add(event)         keep it, send it soon

const SOON_MS = 120;
const LONGEST_WAIT_MS = 15_000;
const DATABASE = "tautband-session";
const STORE = "events";

export class SessionLog {
  constructor(name, send, say) {
    Object.assign(this, { name, send, say, waiting: new Map(), failures: 0, kept: true });
    this.shelf = openShelf();
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
  }

  async left() {
    const rows = (await (await this.shelf).all()).filter((row) => row.session === this.name).map((row) => row.event);
    for (const event of rows) this.waiting.set(event.key, event);
    return rows;
  }

  add(event) {
    this.waiting.set(event.key, event);
    this.writing = this.shelf
      .then((shelf) => shelf.put({ key: event.key, session: this.name, event }))
      .catch(() => (this.kept = false));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SOON_MS);
  }

  async flush() {
    clearTimeout(this.timer);
    if (this.busy || !this.waiting.size) return;
    this.busy = true;
    const parcel = [...this.waiting.values()].sort((a, b) => a.seq - b.seq).slice(0, 200);
    try {
      const answer = await this.send(parcel);
      this.failures = 0;
      if (!answer.ok) this.say("not_saved", answer.wrong);
      else await this.sent(answer);
    } catch {
      this.failures += 1;
      this.say(this.kept ? "offline" : "not_saved", "", this.waiting.size);
    }
    this.busy = false;
    if (!this.waiting.size) return;
    const wait = this.failures ? Math.min(LONGEST_WAIT_MS, 500 * 2 ** this.failures) : SOON_MS;
    this.timer = setTimeout(() => this.flush(), wait);
  }

  async sent(answer) {
    const gone = [...answer.kept, ...Object.keys(answer.refused)];
    for (const key of gone) this.waiting.delete(key);
    await this.writing;
    await (await this.shelf).remove(gone);
    const wrong = Object.values(answer.refused)[0];
    if (wrong) this.say("not_saved", wrong);
    else if (!this.waiting.size) this.say("saved");
  }
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function openShelf() {
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
    put: (row) => change((store) => store.put(row)),
    remove: (keys) => change((store) => keys.forEach((key) => store.delete(key))),
  };
}
