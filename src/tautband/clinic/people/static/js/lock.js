// Takes a page off a screen that nobody touches. What was typed and not yet sent stays in the page, out of sight.
const note = document.getElementById("idle-lock");
const idleMs = Number(note.dataset.idleS) * 1000;
let last = Date.now();
const touch = () => { last = Date.now(); };
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, touch, { passive: true, capture: true });

const typed = () => [...document.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);
const main = document.getElementById("main");

async function look() {
  if (!note.hidden) {
    const answer = await fetch(note.dataset.state, { redirect: "manual" }).catch(() => null);
    if (answer && answer.status === 204) { note.hidden = true; main.hidden = false; touch(); }
    return;
  }
  if (Date.now() - last < idleMs) return;
  const body = new FormData(note.querySelector("form"));
  await fetch(note.dataset.lock, { method: "POST", body }).catch(() => null);
  if (!typed()) { location.assign(`${note.dataset.lock}?next=${encodeURIComponent(location.pathname + location.search)}`); return; }
  main.hidden = true;
  note.hidden = false;
  note.querySelector("a").focus();
}
if (location.pathname !== note.dataset.lock) {
  setInterval(look, Math.min(5000, idleMs));
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
}
