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
