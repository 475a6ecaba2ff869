// A drawing on a sheet over any page: open it, get a drawing back.
//
//   const drawn = await openDrawing({ url, title, layer: "pain", marks: [], ink: "", close: "Close" });
//   // {marks, ink, words, places}, or null when the sheet was closed; rejects when the figure cannot be fetched
//
// `url` is the address of charts:drawing_sheet; what comes from there is the same for everybody. The server reads the
// answer with `charts.mounting.document_of`.

import { mount } from "./drawing_component.js";

export async function openDrawing({ url, title, layer = "pain", marks = [], ink = "", close = "" }) {
  const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const sheet = document.createElement("dialog");
  sheet.className = "sheet drawing-sheet";
  sheet.setAttribute("aria-label", title);
  sheet.innerHTML = await answer.text(); // our own server's markup, the same for everybody
  const head = document.createElement("header");
  const name = document.createElement("h2");
  name.textContent = title;
  const leave = document.createElement("button");
  leave.type = "button";
  leave.className = "btn bare";
  leave.textContent = close;
  head.append(name, leave);
  sheet.prepend(head);
  document.body.append(sheet);
  const form = sheet.querySelector("[data-drawing]");
  const data = { ...JSON.parse(sheet.querySelector("#drawing-data").textContent), marks, ink };
  for (const each of form.querySelectorAll(".lay")) each.toggleAttribute("aria-current", each.dataset.layer === layer);
  sheet.showModal();
  const drawing = mount(form, data, { changed: () => undefined });
  return new Promise((resolve) => {
    let drawn = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = drawing.words();
      const around = data.words.so_far.split("{list}"); // the places alone, without the sentence around them
      const places = said.startsWith(around[0]) ? said.slice(around[0].length, said.length - (around[1] ?? "").length) : said;
      drawn = { marks: drawing.marks(), ink: drawing.state().ink ?? "", words: said, places };
      sheet.close();
    });
    leave.addEventListener("click", () => sheet.close());
    sheet.addEventListener("close", (event) => {
      if (event.target !== sheet) return; // a close-up's own dialog
      drawing.stop();
      sheet.remove();
      resolve(drawn);
    });
  });
}
