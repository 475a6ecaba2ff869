// The page with a pain drawing: every change is kept on this device at once and sent soon.

import { mount } from "./drawing_component.js";
import { InkOutbox } from "./ink_outbox.js";
import { post, stateLine } from "./outbox.js";

const form = document.querySelector('[data-drawing="page"]');
const data = JSON.parse(document.getElementById("drawing-data").textContent);
const drawing = mount(form, data, { changed: () => outbox.put(drawing.state()) });
const bar = document.querySelector("[data-drawing-state]");

const outbox = new InkOutbox(
  `drawing/${form.dataset.name}`,
  async ({ key, state, base }) => {
    const answer = await post(form, { ...state, key, base });
    if (answer.ok && answer.version) form.elements.base.value = answer.version;
    if (answer.other) drawing.tellOther(answer.other);
    return answer;
  },
  bar ? stateLine(bar) : () => undefined,
  () => form.elements.base.value,
);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await outbox.flush();
  if (!outbox.dirty && !outbox.refused) location.assign(form.dataset.next);
  else drawing.tell(data.words.kept_here);
});

/** What an earlier page could not send: older parcels become versions, the newest is gone on with. */
async function goOn() {
  const left = await outbox.left();
  if (!left.length) return;
  const newest = left.pop();
  for (const parcel of left) await outbox.deliver(parcel).catch(() => undefined); // it stays on the shelf for next time
  if (outbox.dirty) {
    await outbox.deliver(newest).catch(() => undefined); // painted meanwhile: this page's drawing counts
    return;
  }
  const settle = await drawing.load(newest.state);
  await outbox.takeOver(newest);
  settle();
}
goOn();
