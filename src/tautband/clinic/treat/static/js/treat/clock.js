// The clock of a session: milliseconds since it began, which no change of the time of day moves.
//
// Within a page it is the browser's monotonic clock. From one page to the next it goes on from the last moment that was
// seen, by the server's time where that is known. While a screen sleeps some devices stop the monotonic clock: time that
// passed while the page was hidden is added; a jump of the time of day in a page that was awake is not time, and is told.

const JUMP_MS = 2000;
const BEAT_MS = 250;
const LONGEST_AWAY_MS = 12 * 60 * 60 * 1000;

export class SessionClock {
  /**
   * name: of the session; told: {gap(from, to), jump(ms)}; startMs: what the server says the session's clock shows now,
   * or null where there is no server: then it goes on from the last moment, by the time of day of this device.
   */
  constructor(name, startMs, told) {
    this.name = `tautband:clock/${name}`;
    this.told = told;
    this.base = startMs ?? 0;
    this.zero = performance.now();
    this.hidden = document.hidden;
    this.seen = { t: this.now(), wall: Date.now(), mono: performance.now() };
    const before = this.remembered();
    if (before !== null) {
      const since = startMs === null && before.wall ? Math.max(Date.now() - before.wall, 0) : 0;
      this.base = Math.max(this.base, before.t + Math.min(since, LONGEST_AWAY_MS));
      this.before = before.t;
    }
    setInterval(() => this.tick(), BEAT_MS);
    document.addEventListener("visibilitychange", () => this.tick());
  }

  now() {
    return Math.round(this.base + performance.now() - this.zero);
  }

  remembered() {
    try {
      return JSON.parse(localStorage.getItem(this.name));
    } catch {
      return null;
    }
  }

  /** Session time at which the page before this one was last alive; null for the first page. */
  lastAlive() {
    return this.before ?? null;
  }

  tick() {
    const mono = performance.now();
    const wall = Date.now();
    const passed = mono - this.seen.mono;
    const byWall = wall - this.seen.wall;
    const extra = byWall - passed;
    if (Math.abs(extra) > JUMP_MS) {
      if (this.hidden && extra > 0) this.base += extra;
      else this.told.jump(Math.round(extra));
    }
    const away = Math.max(passed, this.hidden && extra > 0 ? byWall : passed);
    const from = this.seen.t;
    this.hidden = document.hidden;
    this.seen = { t: this.now(), wall, mono };
    if (away > JUMP_MS + BEAT_MS) this.told.gap(from, this.seen.t);
    try {
      localStorage.setItem(this.name, JSON.stringify({ t: this.seen.t, wall }));
    } catch {
      // A private window: the server's clock stands in after a reload.
    }
  }
}
