// A drawing that could not be sent yet stays on this device until it is: in IndexedDB, which survives a closed tab.
//
//   const outbox = new InkOutbox("drawing/visit-id", send, say, base)
//   await outbox.left()      what an earlier page left behind, the newest last
//   outbox.put(state)        keep it here at once, send it soon; a newer state of this page replaces one that waits
//
// `send(parcel)` gets {key, state, base} and promises {ok, version} or {ok: false, wrong}; it rejects when nobody answers.
// `base()` is the version this page stands on. A parcel keeps the base it was first sent with, so a repeat is the same
// request to the last letter and the server saves it once. Each page has its own parcel: two tabs never overwrite another's ink.

import { newKey } from "./outbox.js";
import { openShelf } from "./shelf.js";

const SOON_MS = 600;
const LONGEST_WAIT_MS = 30_000;

export class InkOutbox {
  constructor(name, send, say, base) {
    Object.assign(this, { name, send, say, base, failures: 0, parcel: null, refused: false });
    this.shelf = openShelf();
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush());
  }

  get dirty() {
    return this.parcel !== null;
  }

  async left() {
    const all = await (await this.shelf).all();
    return all.filter((parcel) => parcel.name === this.name).sort((a, b) => a.at - b.at);
  }

  /** Go on with what an earlier page left: send it as it was. */
  takeOver(parcel) {
    this.parcel = parcel;
    return this.flush();
  }

  /** Send an older parcel as it is; it becomes a version of its own. */
  async deliver(parcel) {
    const answer = await this.send(parcel);
    if (answer.ok) await (await this.shelf).remove(parcel.key);
    return answer;
  }

  put(state) {
    const replaced = this.parcel?.key;
    this.parcel = { key: newKey(), name: this.name, state, base: null, at: Date.now() };
    this.kept = this.write(replaced);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SOON_MS);
  }

  /** Writes follow each other; of many states that come meanwhile only the newest is written. */
  write(replaced) {
    this.gone = [...(this.gone ?? []), replaced].filter(Boolean);
    this.writing ??= (async () => {
      const shelf = await this.shelf;
      let written;
      do {
        written = this.parcel;
        const gone = this.gone;
        this.gone = [];
        await shelf.put(written, gone);
      } while (this.parcel && this.parcel !== written);
      return true;
    })()
      .catch(() => false) // full or forbidden: the page says "not saved" until the server has it
      .finally(() => (this.writing = undefined));
    return this.writing;
  }

  async flush() {
    clearTimeout(this.timer);
    if (!this.parcel) return;
    if (this.busy) return this.busy;
    this.busy = this.work();
    await this.busy;
    this.busy = undefined;
    if (this.again) {
      this.again = false;
      await this.flush();
    }
  }

  async work() {
    const parcel = this.parcel;
    const slow = setTimeout(() => this.say("saving"), 1000);
    try {
      if (parcel.base === null) {
        parcel.base = this.base();
        await this.write();
      }
      const answer = await this.send(parcel);
      this.failures = 0;
      this.refused = !answer.ok;
      if (answer.ok) await this.done(parcel);
      else this.say("not_saved", answer.wrong);
    } catch {
      this.failures += 1;
      this.say((await this.kept) === false ? "not_saved" : "offline");
      this.timer = setTimeout(() => this.flush(), Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.failures));
    } finally {
      clearTimeout(slow);
    }
  }

  async done(parcel) {
    await this.writing;
    await (await this.shelf).remove(parcel.key);
    if (this.parcel !== parcel) {
      this.again = true; // painted on meanwhile
      return;
    }
    this.parcel = null;
    this.say("saved");
  }
}
