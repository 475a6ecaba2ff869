// What could not be sent stays on this device until it is, on the same shelf as the ink of a drawing.
//
//   const outbox = new Outbox("story/visit-id", send, say)
//   outbox.put(state)            keep it here at once, send it soon; a newer state of this page replaces one that waits
//   await outbox.waiting()       the newest parcel {key, name, state, at} of this name, from this page or another, or null
//
// Each page has a parcel of its own, so two tabs never overwrite each other's words; what an earlier page left is sent
// first, in the order it was written.
//
// `send(state, key)` returns a promise: {ok: true, ...} saved, {ok: false, wrong: "..."} refused for good, or rejects
// when nobody answers. `say(state, words)` shows saved, saving, offline or not_saved. The key makes a repeat harmless.

import { openShelf } from "./shelf.js";

const SOON_MS = 700;
const LONGEST_WAIT_MS = 30_000;

export class Outbox {
  constructor(name, send, say, soonMs = SOON_MS) {
    Object.assign(this, { name, send, say, soonMs, failures: 0, keeping: Promise.resolve(true) });
    this.shelf = openShelf();
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush());
  }

  /** Everything of this name that waits, the oldest first. */
  async left() {
    const all = await (await this.shelf).all();
    return all.filter((parcel) => parcel.name === this.name).sort((a, b) => a.at - b.at);
  }

  async waiting() {
    return this.dirty ?? (await this.left()).at(-1) ?? null;
  }

  put(state) {
    const gone = this.dirty && !this.dirty.sending ? [this.dirty.key] : [];
    const parcel = (this.dirty = { key: newKey(), name: this.name, state, at: Date.now() });
    this.keeping = this.keeping.then(async () => {
      try {
        await (await this.shelf).put(parcel, gone);
        return true;
      } catch {
        return false; // private window or full: it still stands on the page
      }
    });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.soonMs);
  }

  /** Send what waits, one at a time. */
  async flush() {
    clearTimeout(this.timer);
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      await this.work();
    } finally {
      this.busy = false;
    }
    if (this.again) {
      this.again = false;
      await this.flush();
    }
  }

  async work() {
    const kept = await this.keeping;
    const parcels = await this.left();
    const newest = this.dirty;
    if (newest && !parcels.some((parcel) => parcel.key === newest.key)) parcels.push(newest);
    for (const parcel of parcels) {
      if (!(await this.deliver(parcel, kept))) return;
    }
  }

  /** One parcel; true when the next may go. */
  async deliver(parcel, kept) {
    const slow = setTimeout(() => this.say("saving"), 1000);
    if (this.dirty?.key === parcel.key) this.dirty.sending = true;
    try {
      const answer = await this.send(parcel.state, parcel.key);
      this.failures = 0;
      this.refused = !answer.ok;
      if (!answer.ok) {
        this.say("not_saved", answer.wrong);
        return false;
      }
      await (await this.shelf).remove(parcel.key);
      if (this.dirty?.key === parcel.key) this.dirty = undefined;
      if (this.dirty) this.again = true; // written on meanwhile
      else this.say("saved");
      return true;
    } catch {
      this.failures += 1;
      this.say(kept ? "offline" : "not_saved");
      this.timer = setTimeout(() => this.flush(), Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.failures));
      return false;
    } finally {
      clearTimeout(slow);
    }
  }
}

export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Send a form's fields. Rejects when nobody answers or the server itself failed; a refusal comes back in words. */
export async function post(form, fields) {
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, ...fields });
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, keepalive: body.toString().length < 60_000 });
  if (answer.status >= 500) throw new Error(String(answer.status));
  if (answer.redirected || answer.status === 401 || answer.status === 403)
    return { ok: false, wrong: "You were signed out. Sign in in a new tab, then come back: it is kept here." };
  const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  return { ok: answer.ok, ...told };
}

const SIGNS = { saved: "check", saving: "circle-dashed", offline: "cloud-off", not_saved: "triangle-alert" };
const WORDS = { saved: "Saved", saving: "Saving", offline: "Offline, kept here", not_saved: "Not saved" };

/** Show the state in the bar: one sign, a few words. The sprite's address is the one already on the page. */
export function stateLine(box) {
  return (state, words = "") => {
    const line = box.querySelector("[data-save-state]");
    const use = line.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${SIGNS[state]}`));
    line.className = `state state-${state}`;
    line.dataset.saveState = state;
    line.querySelector("span").textContent = words || WORDS[state];
  };
}
