// Files chosen in a form stay on this device until the form has been taken, so that a form sent after its sign-in ended
// gives them back. Chosen files are kept on the shelf as they are chosen; the page that gives the words back puts them
// in again. They go when the form opens afresh, after an hour, and when somebody signs out.

import { openShelf } from "./shelf.js";

const NAME = "late-files";
const MOST_BYTES = 60_000_000;
const KEPT_MS = 3_600_000;

const shelf = await openShelf();
const pageOf = (form) => new URL(form.action).pathname; // without an action a form goes to its own page
const keyOf = (input) => `${NAME}:${pageOf(input.form)}:${input.name}`;

async function parcels() {
  return (await shelf.all()).filter((parcel) => parcel.name === NAME);
}

async function clear() {
  const here = new Set([...document.querySelectorAll("form[enctype]")].map(pageOf));
  for (const parcel of await parcels()) {
    if (Date.now() - parcel.at > KEPT_MS || here.has(parcel.page)) await shelf.remove(parcel.key);
  }
}

/** Keep what was just chosen; too much or no room is no harm: the late page says what to choose again. */
async function keep(input) {
  const files = [...input.files];
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const key = keyOf(input);
  if (!files.length || bytes > MOST_BYTES) {
    await shelf.remove(key);
    return;
  }
  await shelf.put({ key, name: NAME, page: pageOf(input.form), at: Date.now(), files }, []);
  document.documentElement.dataset.lateFiles = "kept";
}

/** Put them back where they were; the line beside says so. */
async function giveBack(input) {
  const kept = (await parcels()).find((parcel) => parcel.key === keyOf(input));
  const wanted = JSON.parse(input.dataset.lateFiles).sort().join("\n");
  const same = kept && kept.files.map((file) => file.name).sort().join("\n") === wanted;
  if (!same) return;
  const carried = new DataTransfer();
  for (const file of kept.files) carried.items.add(file);
  input.files = carried.files;
  const line = document.getElementById(input.getAttribute("aria-describedby"));
  line.textContent = line.dataset.back;
}

const late = [...document.querySelectorAll("input[type=file][data-late-files]")];
if (late.length) await Promise.all(late.map(giveBack));
else await clear();
document.documentElement.dataset.lateFiles = "ready";
document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=file]")) keep(event.target).catch(() => undefined);
});
