// What could not be sent stays on this device until it is: the newest state of one thing, under one name.
//
//   const outbox = new Outbox("drawing/visit-id", send, say)
//   outbox.put(state)      keep it here at once, send it soon; a newer state replaces one that still waits
//
// `send(state, key)` returns a promise: {ok: true, ...} saved, {ok: false, wrong: "..."} refused for good, or rejects
// when nobody answers. `say(state, words)` shows saved, saving, offline or not_saved. The key makes a repeat harmless.

const SOON_MS = 700;
const LONGEST_WAIT_MS = 30_000;

export class Outbox {
  constructor(name, send, say, soonMs = SOON_MS) {
    this.soonMs = soonMs;
    this.name = `tautband:${name}`;
    this.send = send;
    this.say = say;
    this.failures = 0;
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush());
  }

  /** What waits here, from this page or an earlier one. */
  waiting() {
    try {
      return JSON.parse(localStorage.getItem(this.name));
    } catch {
      return null;
    }
  }

  put(state) {
    this.dirty = { state, key: newKey() };
    this.kept = keep(this.name, this.dirty);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.soonMs);
  }

  /** Send what waits. One at a time, the newest only. */
  async flush() {
    clearTimeout(this.timer);
    const parcel = this.dirty ?? this.waiting();
    if (!parcel) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    const slow = setTimeout(() => this.say("saving"), 1000);
    try {
      const answer = await this.send(parcel.state, parcel.key);
      this.failures = 0;
      if (answer.ok) this.done(parcel);
      else this.say("not_saved", answer.wrong);
      this.refused = !answer.ok;
    } catch {
      this.failures += 1;
      this.say(this.kept === false ? "not_saved" : "offline");
      this.timer = setTimeout(() => this.flush(), Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.failures));
    } finally {
      clearTimeout(slow);
      this.busy = false;
    }
    if (this.again) {
      this.again = false;
      await this.flush();
    }
  }

  done(parcel) {
    if (this.dirty && this.dirty.key !== parcel.key) {
      this.again = true; // painted on meanwhile
      return;
    }
    this.dirty = undefined;
    if (this.waiting()?.key === parcel.key) localStorage.removeItem(this.name);
    this.say("saved");
  }
}

export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function keep(name, parcel) {
  try {
    localStorage.setItem(name, JSON.stringify(parcel));
    return true;
  } catch {
    return false; // private window or full: it still stands on the page
  }
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
