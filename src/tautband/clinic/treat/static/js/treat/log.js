// The log of a session on this device: every event is kept in IndexedDB before anything else, then sent. It stays there,
// marked as sent, until the session is over, so that the page can be opened again without a network. Sending twice is
// harmless: an event is known by its key.
//
//   const log = new SessionLog(name, send, say)
//   await log.left()       {events, closed}: all that is kept of this session; what was not sent yet is sent again
//   log.add(event)         keep it, send it soon
//   log.keep(events)       keep what the server told us
//   log.tell(closed)       keep which steps are closed

import { forgetSent, openShelf } from "./shelf.js";

const SOON_MS = 120;
const LONGEST_WAIT_MS = 15_000;

export class SessionLog {
  constructor(name, send, say) {
    Object.assign(this, { name, send, say, waiting: new Map(), failures: 0, kept: true });
    this.shelf = openShelf();
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
  }

  async left() {
    const all = await (await this.shelf).all();
    const rows = all.filter((row) => row.session === this.name);
    for (const row of rows) if (row.event && !row.sent) this.waiting.set(row.event.key, row.event);
    const others = all.filter((row) => row.sent && row.session !== this.name).map((row) => row.key);
    if (others.length) this.write((shelf) => shelf.remove(others));
    return { events: rows.filter((row) => row.event).map((row) => row.event), closed: rows.find((row) => row.closed)?.closed };
  }

  row(event, sent) {
    return { key: event.key, session: this.name, event, sent };
  }

  /** One write after the other, so that none overtakes the one before it. */
  write(act) {
    this.writing = Promise.all([this.shelf, this.writing]).then(([shelf]) => act(shelf)).catch(() => (this.kept = false));
    return this.writing;
  }

  add(event) {
    this.waiting.set(event.key, event);
    this.write((shelf) => shelf.put(this.row(event, false)));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SOON_MS);
  }

  keep(events) {
    const known = events.filter((event) => !this.waiting.has(event.key));
    if (known.length) this.write((shelf) => shelf.put(...known.map((event) => this.row(event, true))));
  }

  tell(closed) {
    this.write((shelf) => shelf.put({ key: `closed/${this.name}`, session: this.name, closed, sent: true }));
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
    const there = answer.kept.map((key) => this.waiting.get(key)).filter(Boolean);
    const refused = Object.keys(answer.refused);
    for (const key of [...answer.kept, ...refused]) this.waiting.delete(key);
    await this.write(async (shelf) => {
      if (there.length) await shelf.put(...there.map((event) => this.row(event, true)));
      if (refused.length) await shelf.remove(refused);
    });
    const wrong = Object.values(answer.refused)[0];
    if (wrong) this.say("not_saved", wrong);
    else if (!this.waiting.size) this.say("saved");
  }

  /** The session is over and the server has all of it: nothing of it stays here. */
  async over() {
    await this.writing;
    await forgetSent(this.name);
  }
}
