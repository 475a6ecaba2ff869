// The note: say when a draft is kept only on this page, print, and let plain buttons leave without being autosaved.
document.documentElement.classList.add("scripted");

/** Buttons that leave the page (sign, draft anew) send the form plainly; a save that is on its way ends first. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-plain]");
  if (!button) return;
  const form = button.form;
  htmx.trigger(form, "htmx:abort");
});

for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/** A link to a section's text opens it. */
function openNamed() {
  const place = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!place || !place.matches("details")) return;
  place.open = true;
  place.querySelector("textarea")?.focus();
}
window.addEventListener("hashchange", openNamed);
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#edit-"]');
  if (link && link.hash === location.hash) openNamed();
});
openNamed();

/** Leaving with words that are not on disk yet: the browser asks. */
let unsaved = false;
document.addEventListener("input", (event) => {
  if (event.target.closest("[data-autosave]")) unsaved = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.matches?.("[data-autosave]") && event.detail.successful) unsaved = false;
});
document.addEventListener("submit", () => {
  unsaved = false;
});
window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});

/** Phrases: a typed `.code` is written out as soon as something follows it; a picked one goes where the caret is. */
const phraseTexts = JSON.parse(document.getElementById("phrase-texts")?.textContent ?? "{}");
const TYPED = /(^|[\s(])\.([a-z][a-z0-9-]{0,15})([\s,;:)])$/i;

/** Put words at a place of a field, select their first blank, and tell the autosave. */
function put(field, words, from, to) {
  field.focus();
  field.setRangeText(words, from, to, "end");
  const blank = /\{[^{}\n]{1,40}\}/.exec(words);
  if (blank) field.setSelectionRange(from + blank.index, from + blank.index + blank[0].length);
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches?.(".edit textarea") || event.inputType === "insertReplacementText") return;
  const typed = TYPED.exec(field.value.slice(0, field.selectionStart));
  const words = typed && phraseTexts[typed[2].toLowerCase()];
  if (!words) return;
  const from = field.selectionStart - typed[0].length + typed[1].length;
  put(field, words + typed[3], from, field.selectionStart);
});

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[data-phrase]");
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const field = button.closest(".edit").querySelector("textarea");
    const at = field.selectionStart || field.value.length;
    const before = field.value.slice(0, at);
    const gap = !before || before.endsWith("\n") ? "" : "\n";
    button.closest("details").open = false;
    put(field, gap + phraseTexts[button.dataset.phrase], at, at);
  },
  true,
);
