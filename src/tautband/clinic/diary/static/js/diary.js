// Moving visits in the diary: by pointer, and by Alt with the arrow keys. Without this the page of a visit does the same.
const CELL_MIN = 5, STEP = 3, SHORTEST_MIN = 15;
const grid = document.querySelector(".dy-grid");
const said = document.getElementById("dy-said");
const headers = () => ({ "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"], Accept: "application/json" });

// By how many minutes and days is said by the clock on the wall: the server knows where that changes.
async function send(entry, minutes, later = 0, days = 0, member = "") {
  const body = new FormData();
  body.set("start", entry.dataset.start);
  body.set("later", later);
  body.set("days", days);
  body.set("minutes", minutes);
  if (member) body.set("member", member);
  let answer, words;
  try {
    answer = await fetch(entry.dataset.move, { method: "POST", body, headers: headers() });
    words = await answer.json();
  } catch {
    return refuse(entry, grid.dataset.lost);
  }
  if (!answer.ok) return refuse(entry, words.said);
  const there = new URL(location.href);
  there.searchParams.set("undo", words.undo);
  sessionStorage.setItem("diary:moved", entry.dataset.move);
  location.replace(there);
}

function refuse(entry, words) {
  entry.style.removeProperty("transform");
  entry.style.removeProperty("height");
  entry.classList.remove("dragged");
  said.textContent = words;
  said.classList.remove("vh");
  said.classList.add("message", "error");
}

const cell = () => parseFloat(getComputedStyle(grid).getPropertyValue("--cell"));
const daysBetween = (from, to) => Math.round((Date.parse(to.dataset.day) - Date.parse(from.dataset.day)) / 86400000);

function dragging(entry) {
  const grip = entry.appendChild(document.createElement("span"));
  grip.className = "grip";
  grip.setAttribute("aria-hidden", "true");
  const link = entry.querySelector("a");
  link.draggable = false;
  let from = null;
  entry.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return; // a finger scrolls; the page of the visit moves it
    from = { x: event.clientX, y: event.clientY, resize: event.target === grip, high: entry.offsetHeight, far: false };
    if (from.resize) entry.setPointerCapture(event.pointerId); // the edge is thin: the next move lies outside it
  });
  entry.addEventListener("pointermove", (event) => {
    if (!from) return;
    const x = event.clientX - from.x, y = event.clientY - from.y;
    from.far ||= Math.hypot(x, y) > 6;
    if (!from.far) return;
    entry.setPointerCapture(event.pointerId); // not before: a captured press would never open the visit
    entry.classList.add("dragged");
    const snapped = Math.round(y / cell() / STEP) * STEP * cell();
    if (from.resize) entry.style.setProperty("height", `${Math.max(from.high + snapped, cell() * STEP)}px`);
    else entry.style.setProperty("transform", `translate(${x}px, ${snapped}px)`);
  });
  entry.addEventListener("pointerup", (event) => {
    const was = from;
    from = null;
    if (!was?.far) return;
    link.addEventListener("click", (click) => click.preventDefault(), { once: true });
    const minutes = Math.round((event.clientY - was.y) / cell() / STEP) * STEP * CELL_MIN;
    const long = Number(entry.dataset.minutes);
    if (was.resize) return send(entry, Math.max(long + minutes, SHORTEST_MIN));
    const here = entry.closest(".dy-col");
    const over = [...grid.querySelectorAll(".dy-col")].find((column) => {
      const box = column.getBoundingClientRect();
      return event.clientX >= box.left && event.clientX < box.right;
    }) ?? here;
    send(entry, long, minutes, daysBetween(here, over), over.dataset.member);
  });
  entry.addEventListener("pointercancel", () => { from = null; refuse(entry, ""); });
}

function keys(entry) {
  entry.addEventListener("keydown", (event) => {
    if (!event.altKey) return;
    const long = Number(entry.dataset.minutes);
    const steps = { ArrowUp: [-15, 0], ArrowDown: [15, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!steps) return;
    event.preventDefault();
    if (event.shiftKey && steps[0]) return send(entry, Math.max(long + steps[0], SHORTEST_MIN));
    if (!event.shiftKey) send(entry, long, ...steps);
  });
}

for (const entry of document.querySelectorAll(".dy-grid [data-move]")) { dragging(entry); keys(entry); }
const last = sessionStorage.getItem("diary:moved");
if (last) {
  sessionStorage.removeItem("diary:moved");
  document.querySelector(`.dy-grid [data-move="${CSS.escape(last)}"] a`)?.focus();
}
