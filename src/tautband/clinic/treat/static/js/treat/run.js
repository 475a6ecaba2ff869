// A session worked out from its events, as `run.py` does it on the server: the same events give the same, in any order.

const STOP_FROM = 8;
const DETAILS = ["pressure_kg_cm2", "response", "referral", "felt", "drawn", "twitch", "why", "words", "before"];

const isWhole = (value) => Number.isInteger(value);
const isNumber = (value) => typeof value === "number" && value >= 0 && value <= 10;
const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

export function runOf(steps, events) {
  const once = new Map();
  for (const event of events) if (!once.has(event.key)) once.set(event.key, event);
  const all = [...once.values()];
  const undone = new Set(all.filter((e) => e.kind === "undone").map((e) => e.data.key ?? ""));
  const fold = new Fold(steps);
  all.sort((a, b) => a.t_ms - b.t_ms || order(a.device, b.device) || a.seq - b.seq || order(a.key, b.key));
  for (const event of all) if (!undone.has(event.key)) fold.take(event);
  return fold.run();
}

/** Time under hands of the open go, at a moment of the session. */
export function handsMs(run, nowMs) {
  if (!run.current) return 0;
  return run.current.hands_ms + (run.since_ms === null ? 0 : Math.max(nowMs - run.since_ms, 0));
}

class Fold {
  constructor(steps) {
    this.steps = new Map(steps.map((step) => [step.key, step]));
    this.order = steps.filter((step) => !step.variant_of && !step.closed).map((step) => step.key);
    Object.assign(this, { phase: "waiting", step: "", driver: "", doses: [], aside: [], since: null, last: 0 });
  }

  get open() {
    return this.doses.at(-1);
  }

  take(event) {
    if (event.kind === "took") this.driver = event.device;
    else if (event.kind !== "clock" && event.kind !== "undone") {
      if (this.driver && event.device !== this.driver) {
        this.aside.push(event.key);
        return;
      }
      this[`on_${event.kind}`]?.(event);
    }
    this.last = Math.max(this.last, event.t_ms);
  }

  on_opened(event) {
    const step = this.steps.get(event.data.step);
    if (!step || this.phase === "finished") return;
    this.leave(event, "skipped");
    this.step = step.key;
    this.doses.push(newDose(event.key, step.key, step.side));
    this.phase = step.found_side ? "side" : "ready";
  }

  on_side(event) {
    if (this.phase !== "side" || !["left", "right"].includes(event.data.side)) return;
    this.open.side = event.data.side;
    this.phase = "ready";
  }

  on_added(event) {
    const key = event.data.step;
    if (!this.steps.has(key) || this.order.includes(key)) return;
    const here = this.order.indexOf(this.step);
    this.order.splice(here < 0 ? this.order.length : here + 1, 0, key);
  }

  on_reordered(event) {
    const wanted = [...new Set((event.data.order ?? []).filter((key) => this.order.includes(key)))];
    this.order = [...wanted, ...this.order.filter((key) => !wanted.includes(key))];
  }

  on_skipped(event) {
    const key = event.data.step ?? this.step;
    if (key === this.step && this.open && !["waiting", "finished"].includes(this.phase)) {
      this.note(this.open, event);
      this.leave(event, "skipped");
      this.phase = "waiting";
      this.step = "";
    } else if (this.steps.has(key)) {
      const skipped = { ...newDose(event.key, key, this.steps.get(key).side), ended: "skipped", ended_ms: event.t_ms };
      this.note(skipped, event);
      this.insert(this.step ? this.doses.length - 1 : this.doses.length, skipped);
    }
  }

  on_began(event) {
    if (!["ready", "after"].includes(this.phase) || !this.open) return;
    this.open.began_ms ??= event.t_ms;
    Object.assign(this.open, { ended: "", ended_ms: null, beat_from_ms: this.open.hands_ms });
    this.phase = "running";
    this.since = event.t_ms;
  }

  on_paused(event) {
    if (!["running", "over"].includes(this.phase)) return;
    this.handsOff(event.t_ms);
    this.phase = "paused";
  }

  on_resumed(event) {
    if (!["paused", "over"].includes(this.phase)) return;
    this.phase = "running";
    this.since = event.t_ms;
  }

  on_beat(event) {
    if (!["running", "paused", "over"].includes(this.phase) || !isWhole(event.data.to)) return;
    this.open.beat = Math.max(0, event.data.to);
    this.open.beats_done = Math.max(this.open.beats_done, this.open.beat);
    this.open.beat_from_ms = this.handsAt(event.t_ms);
  }

  on_number(event) {
    const value = event.data.value;
    if (!this.open || !["running", "paused", "over", "after"].includes(this.phase) || !isNumber(value)) return;
    const step = this.steps.get(this.step);
    const limit = step.limit_of_10 ?? null;
    const over = value >= (step.stop_of_10 || STOP_FROM) || (limit !== null && value > limit);
    for (const number of this.open.numbers) if (number.key === event.data.instead_of) number.withdrawn = true;
    this.open.numbers.push({ key: event.key, value, at_ms: this.handsAt(event.t_ms), over, withdrawn: false });
    if (over && this.phase === "running") {
      this.handsOff(event.t_ms);
      this.phase = "over";
    } else if (this.phase === "over" && !over && event.data.instead_of) {
      this.phase = "running";
      this.since = event.t_ms;
    }
  }

  on_done(event) {
    this.end(event, "done");
  }

  on_stopped(event) {
    this.end(event, "stopped");
  }

  end(event, how) {
    if (!["ready", "running", "paused", "over"].includes(this.phase) || !this.open) return;
    this.handsOff(event.t_ms);
    this.note(this.open, event);
    Object.assign(this.open, { ended: how, ended_ms: event.t_ms });
    this.phase = "after";
  }

  on_gap(event) {
    const { from, to, counted } = event.data;
    if (!isWhole(from) || !isWhole(to) || !this.open) return;
    const length = Math.max(0, to - Math.max(from, this.since ?? to));
    if (counted) this.open.unsure_ms += length;
    else if (this.since !== null) {
      this.open.hands_ms = Math.max(this.handsAt(event.t_ms) - length, 0);
      this.since = event.t_ms;
    }
  }

  on_logged(event) {
    const dose = this.named(event);
    if (dose) this.note(dose, event);
  }

  on_retested(event) {
    const dose = this.named(event);
    if (!dose) return;
    const { go, ...retest } = event.data;
    dose.retest = retest;
  }

  on_tested(event) {
    const dose = this.named(event);
    if (dose) dose.details = { ...dose.details, result: event.data.state ?? "" };
  }

  on_typed(event) {
    const data = event.data;
    const step = this.steps.get(data.step);
    if (!step) return;
    const hands = Math.max(0, Math.trunc(1000 * (data.seconds || 0)));
    const numbers = (data.numbers ?? [])
      .filter(isNumber)
      .map((value, n) => ({ key: `${event.key}.${n}`, value, at_ms: 0, over: false, withdrawn: false }));
    const made = {
      ...newDose(event.key, step.key, data.side || step.side),
      typed: true,
      hands_ms: hands,
      numbers,
      ended: data.skipped ? "skipped" : "done",
      began_ms: Math.max(event.t_ms - hands, 0),
      ended_ms: event.t_ms,
      retest: { ...(data.retest ?? {}) },
    };
    this.note(made, event);
    this.insert(this.step && this.phase !== "waiting" ? this.doses.length - 1 : this.doses.length, made);
  }

  on_finished(event) {
    this.leave(event, "finish");
    this.phase = "finished";
  }

  insert(place, dose) {
    this.doses.splice(Math.max(place, 0), 0, dose);
  }

  leave(event, how) {
    this.handsOff(event.t_ms);
    if (!this.open || !this.step || this.open.ended) return;
    this.open.ended = how === "finish" ? "finish" : this.open.hands_ms ? "stopped" : how;
    this.open.ended_ms = event.t_ms;
  }

  handsAt(tMs) {
    return this.open.hands_ms + (this.since === null ? 0 : Math.max(tMs - this.since, 0));
  }

  handsOff(tMs) {
    if (this.since !== null && this.open) this.open.hands_ms = Math.max(this.handsAt(tMs), 0);
    this.since = null;
  }

  named(event) {
    if (event.data.go) return this.doses.find((dose) => dose.key === event.data.go);
    return this.open;
  }

  note(dose, event) {
    const kept = Object.fromEntries(DETAILS.filter((name) => name in event.data).map((name) => [name, event.data[name]]));
    dose.details = { ...dose.details, ...kept };
  }

  run() {
    const { phase, step, order, doses, driver, aside } = this;
    const done = new Set(doses.filter((dose) => dose.ended).map((dose) => dose.step));
    const current = doses.length && step && phase !== "waiting" ? doses.at(-1) : null;
    const next = order.find((key) => !done.has(key) && key !== step) ?? "";
    return { phase, step, order, doses, driver, aside, since_ms: this.since, last_ms: this.last, current, done, next };
  }
}

function newDose(key, step, side) {
  return {
    key,
    step,
    side,
    began_ms: null,
    ended_ms: null,
    hands_ms: 0,
    unsure_ms: 0,
    numbers: [],
    ended: "",
    beat: 0,
    beats_done: 0,
    beat_from_ms: 0,
    details: {},
    retest: {},
    typed: false,
  };
}
