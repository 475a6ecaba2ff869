// The plan: move a step by its grip with the mouse, a finger, or the arrow keys. Earlier and Later do the same by tap.
document.documentElement.classList.add("scripted");

const FAR_ENOUGH_PX = 6;

/** Ask the server to move a step; it answers with the plan in its new order. */
function move(place, to) {
  const form = document.getElementById("mover");
  const last = document.querySelectorAll(".steps > .step").length - 1;
  const goal = Math.min(Math.max(to, 0), last);
  if (!form || goal === place || form.dataset.sent) return;
  form.elements.place.value = place;
  form.elements.to.value = goal;
  form.requestSubmit();
}

const placeOf = (step) => Number(step.dataset.place);

document.addEventListener("keydown", (event) => {
  const grip = event.target.closest?.("[data-grip]");
  if (!grip || !["ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  const place = placeOf(grip.closest(".step"));
  const goals = { ArrowUp: place - 1, ArrowDown: place + 1, Home: 0, End: Infinity };
  move(place, goals[event.key]);
});

let dragged; // {step, from, y, moved}

/** The step that the pointer is over, by the middle of each. */
function goalAt(y) {
  const steps = [...document.querySelectorAll(".steps > .step")];
  const before = steps.filter((step) => {
    const box = step.getBoundingClientRect();
    return step !== dragged.step && y > box.top + box.height / 2;
  });
  return before.length;
}

function showGoal(goal) {
  const steps = [...document.querySelectorAll(".steps > .step")].filter((step) => step !== dragged.step);
  for (const step of steps) step.classList.remove("drop-before", "drop-after");
  if (goal < steps.length) steps[goal].classList.add("drop-before");
  else steps.at(-1)?.classList.add("drop-after");
}

function letGo() {
  for (const step of document.querySelectorAll(".steps > .step")) {
    step.classList.remove("dragging", "drop-before", "drop-after");
  }
  dragged = undefined;
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button !== 0) return;
  grip.setPointerCapture(event.pointerId);
  dragged = { step: grip.closest(".step"), y: event.clientY, moved: false };
});
document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  if (!dragged.moved && Math.abs(event.clientY - dragged.y) < FAR_ENOUGH_PX) return;
  dragged.moved = true;
  dragged.step.classList.add("dragging");
  showGoal(goalAt(event.clientY));
});
document.addEventListener("pointerup", (event) => {
  if (!dragged) return;
  const { step, moved } = dragged;
  const goal = moved ? goalAt(event.clientY) : placeOf(step);
  letGo();
  move(placeOf(step), goal);
});
document.addEventListener("pointercancel", () => dragged && letGo());
