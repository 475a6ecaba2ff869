// Small helps on every page. Each page works without them.

const SENT_FOR_MS = 8000;
const MAX_BYTES = 2_400_000; // a little under what the server takes in one form

/** The clock in the room: the server shows times in the zone of this device. */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `tautband_zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

/** Theme: change at once, tell the server without leaving the page. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches(".themes") || !button) return;
  event.preventDefault();
  const body = new FormData(form, button);
  const theme = button.value;
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const each of form.querySelectorAll("button")) each.setAttribute("aria-pressed", String(each === button));
  fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
});

/** A form that is too large stays on the page, with the reason. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  let bytes = 0;
  for (const [name, value] of new FormData(form)) bytes += encodeURIComponent(name + String(value)).length;
  if (bytes <= MAX_BYTES) return;
  event.preventDefault();
  mishap("too-large");
});

/** Signing out asks first while something on this device waits to be sent. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.asks || form.dataset.asked) return;
  event.preventDefault();
  const waits = await import("./shelf.js").then(({ leaving }) => leaving()).catch(() => []);
  if (waits.length && !confirm(form.dataset.asks)) return;
  form.dataset.asked = "yes";
  form.requestSubmit();
});

/** One press, one request: a second press of the same button waits for the answer. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, SENT_FOR_MS); // an answer that is a file leaves the page as it is
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form");
  if (form) delete form.dataset.sent;
});

/** The save state in the bar follows every write: "Saving" after a second, "Saved" only after the answer. */
const SAVING_AFTER_MS = 1000;
let waiting;

function showState(name) {
  for (const each of document.querySelectorAll("[data-live-state] > [data-when]")) each.hidden = each.dataset.when !== name;
}
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb === "get") return;
  clearTimeout(waiting);
  waiting = setTimeout(() => showState("saving"), SAVING_AFTER_MS);
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig.verb === "get") return;
  clearTimeout(waiting);
  if (event.detail.successful) showState("saved");
  else showState(event.detail.xhr.status === 0 ? "cut_off" : "not_saved");
});

/** When a write fails, say so on the page; everything typed stays where it is. */
function mishap(status) {
  const known = document.getElementById("mishaps").content;
  const line = known.querySelector(`[data-status="${status}"]`) ?? known.querySelector('[data-status="500"]');
  document.querySelector(".messages.live")?.remove();
  const box = document.createElement("div");
  box.className = "messages live";
  box.setAttribute("role", "alert");
  box.append(line.cloneNode(true));
  box.tabIndex = -1;
  document.getElementById("main").prepend(box);
  box.scrollIntoView({ block: "nearest" });
}
document.addEventListener("htmx:responseError", (event) => mishap(event.detail.xhr.status));
document.addEventListener("htmx:sendError", () => mishap(0));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) document.querySelector(".messages.live")?.remove();
});

document.addEventListener("click", (event) => {
  const shows = event.target.closest("[data-shows]");
  if (shows) {
    const input = document.getElementById(shows.dataset.shows);
    const visible = input.type === "password";
    input.type = visible ? "text" : "password";
    shows.setAttribute("aria-pressed", String(visible));
  }
  if (event.target.closest('[data-goes="back"]')) history.back();
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  if (event.target.matches("dialog.sheet")) event.target.close(); // the page behind it
  const copies = event.target.closest("[data-copies]");
  if (copies) copy(document.getElementById(copies.dataset.copies), copies);
});

async function copy(input, button) {
  input.select();
  await navigator.clipboard.writeText(input.value);
  button.querySelector("span").textContent = button.dataset.done;
}

/** Parts that need script appear only when there is one. */
function reveal(root) {
  for (const each of root.querySelectorAll("[data-shows][hidden]")) each.hidden = false;
  if (history.length > 1) for (const each of root.querySelectorAll('[data-goes="back"][hidden]')) each.hidden = false;
  if (navigator.clipboard) for (const each of root.querySelectorAll("[data-copies][hidden]")) each.hidden = false;
  root.querySelector("[data-focus]")?.focus();
}
reveal(document);
document.addEventListener("htmx:load", (event) => reveal(event.target));
