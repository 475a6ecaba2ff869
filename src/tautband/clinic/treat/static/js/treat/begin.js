// Before a session begins: say which screen this is, so that a second one is noticed.

import { newKey } from "../outbox.js";

for (const form of document.querySelectorAll("[data-begin]")) {
  try {
    let screen = localStorage.getItem("tautband:screen");
    if (!screen) localStorage.setItem("tautband:screen", (screen = newKey()));
    form.elements.device.value = screen;
  } catch {
    form.elements.device.value = newKey();
  }
}
