// A tap in the diary counts at once, is kept on this device, and is sent when there is a connection.
//
// Each thing and day is one parcel, so a later tap on the same thing replaces an earlier one that still waits. Without
// this script the same forms work as plain forms.
import { Outbox, post, stateLine } from "./outbox.js";

const bar = document.querySelector(".bar-end");
const say = bar && bar.querySelector("[data-save-state]") ? stateLine(bar) : () => {};

function outboxFor(form, name) {
  return new Outbox(name, (state, key) => post(form, { ...state, key }), say, 50);
}

function nameOf(form, day) {
  const thing = new URL(form.action).pathname;
  return `home${thing}${day}`;
}

for (const form of document.querySelectorAll("form[data-tick]")) {
  const day = form.elements.day.value;
  const outbox = outboxFor(form, nameOf(form, day));
  const tick = form.querySelector("button");
  outbox.waiting().then((waits) => waits && !outbox.dirty && show(waits.state.kind === "done"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const done = tick.getAttribute("aria-pressed") !== "true";
    show(done);
    outbox.put({ kind: done ? "done" : "nothing", day, list: "1" });
  });

  function show(done) {
    tick.setAttribute("aria-pressed", String(done));
    form.closest("li").classList.toggle("is-done", done);
  }
  outbox.flush();
}

for (const form of document.querySelectorAll("form[data-day]")) {
  const outbox = outboxFor(form, nameOf(form, form.elements.day.value));
  outbox.flush();
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return; // the page that answers says more than a tick could
    event.preventDefault();
    outbox.put(Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "key")));
  });
}
