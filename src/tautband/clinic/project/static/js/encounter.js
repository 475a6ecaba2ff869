// The encounter: taps are sent by htmx; this keeps the eye and the finger where they were. All of it works without.

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const MOVE_MS = 220;
const UPDATING_AFTER_MS = 300;

/** Views: all four are here, one is shown. */
document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-view-tab]");
  if (!tab || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  showView(tab.dataset.viewTab);
});
function showView(view) {
  for (const each of document.querySelectorAll("[data-view-tab]")) {
    if (each.dataset.viewTab === view) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  }
  for (const each of document.querySelectorAll("[data-plate]")) each.hidden = each.dataset.plate !== view;
}

/** The sheet: what was asked for arrives in it, then it opens. */
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "sheet-body") return;
  const sheet = document.getElementById("sheet");
  if (!sheet.open) sheet.showModal();
  sheet.scrollTop = 0;
});

/** Keys: 1 to 9 choose a suspect, n and p set the result of the test that has the focus, else of the first one. */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.matches("input, textarea, select") || document.querySelector("dialog[open]")) return;
  if (/^[1-9]$/.test(event.key)) document.querySelector(`[data-key="${event.key}"]`)?.click();
  if (event.key === "/") {
    const box = document.querySelector("#quick");
    if (!box) return;
    event.preventDefault();
    box.open = true;
    box.querySelector("#quick-line").focus();
    return;
  }
  const result = { n: "absent", p: "present" }[event.key];
  if (!result) return;
  const test = event.target.closest(".test") ?? document.querySelector("#tests .test:has(.taps)");
  const buttons = test?.querySelectorAll(".taps button") ?? [];
  buttons[result === "absent" ? 0 : 1]?.click();
});

/** A swap keeps the focus, keeps what is under the finger in place, and lets rows move where they go. */
let before;
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  if (!part.closest("#encounter")) return;
  const focused = document.activeElement?.closest?.("[data-row], [data-test], #tests, #suspects");
  before = {
    rows: new Map([...document.querySelectorAll("[data-row]")].map((row) => [row.dataset.row, row.getBoundingClientRect().top])),
    focus: focused && { name: nameOf(focused), index: places(focused).indexOf(document.activeElement) },
    anchor: part.id && { id: part.id, top: part.getBoundingClientRect().top },
    chosen: document.querySelector('.suspect[aria-current]')?.closest("[data-row]")?.dataset.row,
  };
});
document.addEventListener("htmx:afterSettle", () => {
  if (!before) return;
  const was = before;
  before = undefined;
  if (was.anchor) {
    const now = document.getElementById(was.anchor.id);
    const by = now ? now.getBoundingClientRect().top - was.anchor.top : 0;
    if (Math.abs(by) >= 1) scrollBy({ top: by, behavior: "instant" });
  }
  refocus(was.focus);
  move(was.rows);
});
/** The chart is sent only when it changes. Answers that crossed each other may leave an older one: then ask for it. */
document.addEventListener("htmx:afterSettle", () => {
  const [list, chart] = [document.getElementById("suspects"), document.getElementById("drawn")];
  if (!list || !chart || list.dataset.drawn === chart.value || list.dataset.asked) return;
  list.dataset.asked = "yes";
  const chosen = list.querySelector(".suspect[aria-current]");
  if (chosen) chosen.click();
  else location.reload();
});
function nameOf(element) {
  if (element.dataset.row) return `[data-row="${CSS.escape(element.dataset.row)}"]`;
  if (element.dataset.test) return `[data-test="${CSS.escape(element.dataset.test)}"]`;
  return `#${element.id}`;
}
function places(element) {
  return [...element.querySelectorAll("a, button")];
}
function refocus(focus) {
  if (!focus || (document.activeElement && document.activeElement !== document.body)) return;
  const home = document.querySelector(focus.name) ?? document.querySelector("#tests");
  const goal = places(home)[focus.index] ?? home.querySelector("button, a");
  goal?.focus({ preventScroll: true });
}
function move(tops) {
  if (calm.matches) return;
  for (const row of document.querySelectorAll("[data-row]")) {
    const old = tops.get(row.dataset.row);
    const by = old === undefined ? 0 : old - row.getBoundingClientRect().top;
    if (Math.abs(by) < 2) continue;
    row.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], {
      duration: MOVE_MS,
      easing: "cubic-bezier(0.2, 0, 0, 1)",
    });
  }
}

/** While it thinks, the old list stays and says so after a moment. */
let slow;
document.addEventListener("htmx:beforeRequest", () => {
  clearTimeout(slow);
  slow = setTimeout(() => updating(true), UPDATING_AFTER_MS);
});
document.addEventListener("htmx:afterRequest", () => {
  clearTimeout(slow);
  updating(false);
});
function updating(busy) {
  const line = document.querySelector("[data-updating]");
  if (line) line.textContent = busy ? line.dataset.busy : line.dataset.idle;
}

/** Old words about a refusal go when something works again. */
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.requestConfig.verb === "post") document.getElementById("said")?.replaceChildren();
});
