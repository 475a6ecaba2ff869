// The client's words are kept as they are typed: a version after each pause. Without script there is a button.

import { Outbox, post } from "./outbox.js";

const PAUSE_MS = 2000; // of typing before a version is kept on the server; on this device it is kept at once
const form = document.querySelector("[data-words]");
const text = form?.elements.text;

if (form && !text.readOnly) {
  const bar = document.querySelector("[data-live-state]");
  const show = (state) => {
    for (const each of bar.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== state;
  };
  const said = document.getElementById("said");
  const outbox = new Outbox(
    `story/${form.dataset.visit}`,
    async (words, key) => {
      const answer = await post(form, { text: words, key, base: form.elements.base.value });
      if (answer.ok && answer.version) form.elements.base.value = answer.version;
      if (answer.other) tellOther(answer.other);
      return answer;
    },
    (state, words = "") => {
      show(state);
      said.textContent = words;
    },
    PAUSE_MS,
  );
  outbox.waiting().then((left) => {
    if (left && left.state !== text.value && !outbox.dirty) text.value = left.state;
    if (left) outbox.flush();
  });
  form.querySelector("[data-plain]").hidden = true;
  if (text.value !== text.defaultValue) outbox.put(text.value); // typed before this script was there
  text.addEventListener("input", () => outbox.put(text.value));
  text.addEventListener("blur", () => outbox.flush());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    outbox.flush();
  });
}

/** Somebody else kept other words meanwhile: both stay on file, theirs are shown. */
function tellOther(words) {
  const line = form.querySelector("[data-other]");
  line.hidden = false;
  line.textContent = "Kept elsewhere meanwhile, and still on file: ";
  const quote = document.createElement("span");
  quote.className = "said";
  quote.textContent = `“${words}”`;
  line.append(quote);
}
