// The pain drawing, wherever it is mounted. Body, chart and list write the same drawing.
//
//   import { mount } from "./drawing_component.js";
//   const drawing = mount(form, data, { changed });    form and data as `charts/_drawing.html` gives them
//   drawing.state()      fields to send: {ink} or {marks}
//   drawing.marks()      the marks; drawing.words() says them
//   drawing.load(state)  take over another drawing
//   drawing.tell(words), drawing.tellOther(other), drawing.stop() when it leaves the page
//
// Where the body can be shown, <tb-pain-painter> holds the drawing (the ink) and this page reads the marks from it;
// elsewhere this page holds the marks. The chart and the list change marks either way, and the ink follows them.
// Every word it says comes with the data, so that it is translated where all other words are.

const SVG = "http://www.w3.org/2000/svg";
const NAMES = { pain: "pain", numb: "numbness", tingling: "tingling", touch: "allodynia" };
const STEPS = [2, 5, 8];
const UNDO_STEPS = 100;

export const fill = (words, given) => words.replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");

/** Bring a drawing to life. `changed()` is called after each change of it. */
export function mount(form, data, { changed }) {
  const W = data.words;
  const ask = form.querySelector("[data-ask]");
  /** Marks: "layer|zone|side" -> mark. Insertion order is kept. */
  let marks = new Map(data.marks.map((mark) => [keyOf(mark.layer, mark.zone, mark.side), mark]));
  let layer = form.querySelector(".lay[aria-current]").dataset.layer;
  let view = "front";
  let tool = "paint";
  /** What is painted next says this. Never a default: chosen by the person, or nothing. */
  let says = { intensity: null, quality: [], depth: "", began: false, moves: false };
  let body = null; // the painter, once it stands
  let way = "chart"; // painting on the "chart" or on the "body"
  let close = null;
  let backTo = null; // the way to go back to from a close-up that only the chart has
  const past = [];
  const future = [];

  function keyOf(inLayer, zone, side) {
    return `${inLayer}|${zone}|${side}`;
  }
  function strength(mark) {
    if (mark.intensity === null || mark.intensity === undefined) return 2;
    return mark.intensity < 4 ? 1 : mark.intensity < 7 ? 2 : 3;
  }

  // --- Keep and send -------------------------------------------------------------------------------------------------

  const said = form.querySelector("[data-said]");

  function listOf() {
    return [...marks.values()];
  }
  function mapOf(list) {
    return new Map(list.map((mark) => [keyOf(mark.layer, mark.zone, mark.side), mark]));
  }
  /** The drawing as fields of the form. */
  function stateOf() {
    const drawing = body ? { ink: body.value } : { marks: JSON.stringify(listOf()) };
    return form.elements.drawn_by?.checked ? { ...drawing, drawn_by: "therapist" } : drawing;
  }
  function keepIt() {
    changed();
    if (says.began || says.moves) state({ began: false, moves: false }); // "it began here" is said of one stroke
  }

  /** Change the marks as one step that can be undone. */
  function change(next) {
    if (body) {
      body.follow([...next.values()]);
      return; // the painter tells what became of it
    }
    past.push(marks);
    if (past.length > UNDO_STEPS) past.shift();
    future.length = 0;
    marks = next;
    draw();
    keepIt();
  }
  function step(from, to) {
    if (!from.length) return;
    to.push(marks);
    marks = from.pop();
    draw();
    keepIt();
  }

  /** Another tab or tablet kept a drawing since this page was opened. Both stay on file; nothing is merged unasked. */
  function tellOther(other) {
    const box = document.createElement("p");
    box.className = "message two-inks";
    box.setAttribute("role", "alert");
    const words = document.createElement("span");
    words.textContent = other.by ? fill(W.other, { name: other.by }) : W.other_device;
    const both = document.createElement("button");
    both.type = "button";
    both.className = "btn small";
    both.textContent = W.join;
    both.addEventListener("click", () => {
      box.remove();
      if (body) {
        body.join(other.ink, other.marks);
        return;
      }
      const next = new Map(other.marks.map((mark) => [keyOf(mark.layer, mark.zone, mark.side), mark]));
      for (const [key, mark] of marks) next.set(key, mark);
      change(next);
    });
    box.append(words, both);
    said.replaceChildren(box);
  }

  // --- The chart -----------------------------------------------------------------------------------------------------

  const figures = Object.fromEntries([...form.querySelectorAll("[data-figure]")].map((f) => [f.dataset.figure, f]));

  function element(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  /** The zones to touch, made when a view is first shown. */
  function ready(name) {
    const home = figures[name].querySelector("[data-zones]");
    if (home.childElementCount) return;
    for (const [key, d] of Object.entries(data.paths[name])) {
      const cut = key.lastIndexOf("/");
      home.append(element("path", { class: "zone", "data-zone": key.slice(0, cut), "data-side": key.slice(cut + 1), d }));
    }
  }

  function drawFigure(name) {
    ready(name);
    const home = figures[name].querySelector("[data-over]");
    const parts = [];
    for (const [own, css] of Object.entries(NAMES)) {
      const by = [null, "", "", ""];
      for (const mark of marks.values()) {
        if (mark.layer === own) by[strength(mark)] += data.paths[name][`${mark.zone}/${mark.side}`] ?? "";
      }
      const whole = by[1] + by[2] + by[3];
      if (!whole) continue;
      const group = element("g", { class: `mk mk-${css}` });
      for (const s of [1, 2, 3]) {
        if (!by[s]) continue;
        group.append(element("path", { class: `w${s}`, d: by[s] }));
        if (own !== "pain") group.append(element("path", { class: "pat", d: by[s] }));
      }
      const id = `p-${name}-${css}`;
      const mask = element("mask", { id, maskUnits: "userSpaceOnUse", x: -20, y: -20, width: 900, height: 1500 });
      mask.append(element("path", { class: "keep", d: "M-20-20h900v1500h-900z" }), element("path", { class: "cut", d: whole }));
      parts.push(group, mask, element("path", { class: "mk-edge", mask: `url(#${id})`, d: whole }));
    }
    home.replaceChildren(...parts);
  }

  function showView(name) {
    view = name;
    for (const [each, figure] of Object.entries(figures)) figure.closest("[data-plate]").hidden = each !== name;
    for (const button of form.querySelectorAll("[data-view]")) {
      button.setAttribute("aria-pressed", String(button.dataset.view === name));
      button.hidden = Boolean(close) && !close.boxes[button.dataset.view];
    }
    const figure = figures[name];
    const box = close ? close.boxes[name] : data.boxes[name];
    figure.setAttribute("viewBox", box);
    fitInk(figure, Number(box.split(" ")[3]) / Number(data.boxes[name].split(" ")[3]));
    for (const word of figure.closest("[data-plate]").querySelectorAll(".lr")) {
      word.hidden = Boolean(close?.side) && !word.querySelector(close.side === "right" ? ".R" : ".L");
    }
    form.querySelector("[data-here]").hidden = true;
    drawFigure(name);
  }

  /** Lines and patterns keep their size on the screen when the body comes closer. `zoom` is 1 for the whole view. */
  function fitInk(figure, zoom) {
    figure.style.setProperty("--zoom", zoom);
    for (const pattern of document.querySelectorAll("pattern[id^='ch-']")) {
      pattern.setAttribute("patternTransform", `${pattern.id === "ch-unexplained" ? "rotate(-45) " : ""}scale(${zoom})`);
    }
  }

  // Painting: the finger is followed by the place it is over, not by the element it started on.
  let stroke = null;
  form.querySelector("[data-stage]").addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.target.closest("[data-figure]")) return;
    event.preventDefault();
    const first = zoneAt(event);
    stroke = { id: event.pointerId, next: new Map(marks), touched: new Set(), rub: tool === "rub", x: event.clientX, y: event.clientY };
    if (first && tool === "paint" && isAsPainted(first)) stroke.rub = true; // tapping what is painted takes it away
    stroke.tapped = stroke.rub && tool === "paint";
    touch(first);
  });
  addEventListener("pointermove", (event) => {
    if (stroke?.id !== event.pointerId) return;
    const far = Math.hypot(event.clientX - stroke.x, event.clientY - stroke.y);
    if (stroke.tapped && far > 8) {
      // a drag that begins on painted skin paints on; only a tap takes away
      stroke = { ...stroke, rub: false, tapped: false, next: new Map(marks), touched: new Set() };
    }
    if (stroke.tapped) return;
    const steps = Math.max(1, Math.ceil(far / 6));
    for (let n = 1; n <= steps; n += 1) {
      touch(zoneAt({ clientX: stroke.x + ((event.clientX - stroke.x) * n) / steps, clientY: stroke.y + ((event.clientY - stroke.y) * n) / steps }));
    }
    stroke.x = event.clientX;
    stroke.y = event.clientY;
  });
  const stopped = new AbortController();
  for (const end of ["pointerup", "pointercancel"]) {
    const lifted = (event) => {
      if (stroke?.id !== event.pointerId) return;
      const { next, touched } = stroke;
      stroke = null;
      if (touched.size) change(next);
    };
    addEventListener(end, lifted, { signal: stopped.signal });
  }
  function zoneAt({ clientX, clientY }) {
    const under = document.elementFromPoint(clientX, clientY)?.closest(".zone");
    return under && form.contains(under) ? { zone: under.dataset.zone, side: under.dataset.side } : null;
  }
  function isAsPainted({ zone, side }) {
    const mark = marks.get(keyOf(layer, zone, side));
    return mark && isSaid(mark);
  }
  /** A mark with what is said now. Chart and list set the number; the rest of an earlier statement stays. */
  function markWith(place, said, had) {
    const mark = {
      layer,
      zone: place.zone,
      side: place.side,
      intensity: said.intensity,
      quality: said.quality.length ? said.quality : (had?.quality ?? []),
      began_here: said.began || (had?.began_here ?? false),
    };
    const depth = said.depth || had?.depth;
    if (depth) mark.depth = depth;
    if (said.moves || had?.moves_here) mark.moves_here = true;
    return mark;
  }
  function isSaid(mark) {
    return (
      mark.intensity === says.intensity &&
      says.quality.every((q) => mark.quality.includes(q)) &&
      (!says.depth || mark.depth === says.depth) &&
      (!says.began || mark.began_here) &&
      (!says.moves || mark.moves_here)
    );
  }
  function touch(place) {
    if (!place) return;
    const key = keyOf(layer, place.zone, place.side);
    if (stroke.touched.has(key)) return;
    const had = stroke.next.get(key);
    if (stroke.rub ? !had : had && isSaid(had)) return;
    stroke.touched.add(key);
    if (stroke.rub) stroke.next.delete(key);
    else stroke.next.set(key, markWith(place, says, had));
    const shown = marks;
    marks = stroke.next; // the ink follows the finger; the step is made when it leaves
    drawFigure(view);
    marks = shown;
    say(place);
  }
  function say({ zone, side }) {
    const line = form.querySelector("[data-here]");
    line.hidden = false;
    line.textContent = placeName(zone, side);
  }
  function placeName(zone, side, words = W.place) {
    return fill(words[side], { place: data.labels[`${zone}/${side}`] });
  }

  // --- The list ------------------------------------------------------------------------------------------------------

  /** Each row becomes one button that cycles: none, a little, clearly, strongly. */
  for (const row of form.querySelectorAll(".zone-row")) {
    const label = row.querySelector(".plain-row > span").innerHTML;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "zone-button";
    button.innerHTML = '<span class="tick" aria-hidden="true"></span><span class="zone-words"></span><span class="level"></span><span class="pips" aria-hidden="true"><i></i><i></i><i></i></span>';
    button.querySelector(".zone-words").innerHTML = label; // our own markup: the side chip and the name
    button.addEventListener("click", () => cycle(row.dataset.zone, row.dataset.side));
    row.replaceChildren(button);
  }
  for (const plain of form.querySelectorAll("[data-plain-row]")) plain.remove();

  function cycle(zone, side) {
    const key = keyOf(layer, zone, side);
    const had = marks.get(key);
    const now = had ? strength(had) : 0;
    const next = new Map(marks);
    if (now === 3) next.delete(key);
    else next.set(key, markWith({ zone, side }, { ...says, intensity: STEPS[now] }, had));
    change(next);
  }

  function drawList() {
    for (const group of form.querySelectorAll("[data-group]")) {
      let count = 0;
      for (const row of group.querySelectorAll(".zone-row")) {
        const mark = marks.get(keyOf(layer, row.dataset.zone, row.dataset.side));
        const level = mark ? strength(mark) : 0;
        count += level > 0;
        const button = row.firstElementChild;
        button.setAttribute("aria-pressed", String(level > 0));
        button.dataset.level = level;
        button.querySelector(".level").textContent = level ? wordOf(mark, level) : W.not_marked;
      }
      group.querySelector("[data-count]").textContent = count ? fill(W.marked, { n: count }) : W.not_marked;
    }
  }
  function wordOf(mark, level) {
    if (mark.intensity === null || mark.intensity === undefined) return W.no_number;
    return STEPS.includes(mark.intensity) ? W.steps[level] : fill(W.of_ten, { n: mark.intensity });
  }

  const find = form.querySelector("[data-zone-search]");
  form.querySelector("[data-list-search]").hidden = false;
  find.addEventListener("input", () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const group of form.querySelectorAll("[data-group]")) {
      let seen = 0;
      for (const row of group.querySelectorAll(".zone-row")) {
        const text = `${row.dataset.side} ${data.labels[`${row.dataset.zone}/${row.dataset.side}`]}`.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        seen += !row.hidden;
      }
      group.hidden = !seen;
      if (words.length) group.open = seen > 0;
    }
    form.querySelector("[data-none-found]").hidden = Boolean(form.querySelector("[data-group]:not([hidden])"));
  });
  find.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());

  // --- Everything that shows the state -------------------------------------------------------------------------------

  function draw() {
    if (way === "chart") drawFigure(view);
    drawList();
    form.querySelector('[data-do="undo"]').disabled = body ? !body.canUndo : !past.length;
    form.querySelector('[data-do="redo"]').disabled = body ? !body.canRedo : !future.length;
    form.querySelector('[data-do="clear"]').disabled = !marks.size;
    form.querySelector("[data-so-far]").textContent = soFar();
  }

  function soFar() {
    const told = [];
    for (const [own, feeling] of Object.entries(W.feelings)) {
      const found = [...marks.values()].filter((mark) => mark.layer === own);
      if (!found.length) continue;
      const places = found.slice(0, 3).map((mark) => placeName(mark.zone, mark.side, W.place_short)).join("; ");
      const more = found.length > 3 ? fill(W.and_more, { places, n: found.length - 3 }) : places;
      told.push(fill(W.in_places, { feeling, places: more }));
    }
    return told.length ? fill(W.so_far, { list: told.join(". ") }) : W.nothing;
  }

  function chooseLayer(name) {
    layer = name;
    for (const each of form.querySelectorAll(".lay")) each.toggleAttribute("aria-current", false);
    form.querySelector(`.lay[data-layer="${name}"]`).setAttribute("aria-current", "true");
    ask.textContent = close ? close.title : W.ask[name];
    form.querySelector("[data-quality-row]").hidden = name !== "pain";
    speak();
    draw();
  }
  for (const each of form.querySelectorAll(".lay")) {
    each.addEventListener("click", (event) => {
      event.preventDefault();
      chooseLayer(each.dataset.layer);
    });
  }
  for (const each of form.querySelectorAll("[data-view]")) each.addEventListener("click", () => look(each.dataset.view));
  function look(name) {
    if (way === "chart") showView(name);
    else body.turnTo(name);
  }
  function press(buttons, isOn) {
    for (const button of buttons) button.setAttribute("aria-pressed", String(isOn(button)));
  }
  const every = (name) => [...form.querySelectorAll(`[data-${name}]`)];
  function chooseTool(name) {
    tool = name;
    if (body) body.tool = name;
    press(every("tool"), (button) => button.dataset.tool === name);
  }
  for (const each of every("tool")) each.addEventListener("click", () => chooseTool(each.dataset.tool));

  /** Pass on what is said, and show it on the buttons. */
  function speak() {
    const own = layer === "pain" ? says : { ...says, quality: [] };
    if (body) body.says = { ...own, layer };
    press(every("intensity"), (button) => Number(button.dataset.intensity) === says.intensity);
    press(every("quality"), (button) => says.quality.includes(button.dataset.quality));
    press(every("depth"), (button) => button.dataset.depth === says.depth);
    press(every("flag"), (button) => says[button.dataset.flag]);
    form.querySelector("[data-strong-word]").textContent = says.intensity === null ? W.no_number_chosen : fill(W.of_ten, { n: says.intensity });
    const chosen = [...(layer === "pain" ? every("quality") : []), ...every("depth"), ...every("flag")].filter((b) => b.getAttribute("aria-pressed") === "true");
    form.querySelector("[data-more-word]").textContent = chosen.map((button) => button.textContent.toLowerCase()).join(", ");
  }
  function state(changed) {
    says = { ...says, ...changed };
    speak();
  }
  for (const each of every("intensity")) {
    each.addEventListener("click", () => {
      const value = Number(each.dataset.intensity);
      state({ intensity: says.intensity === value ? null : value });
    });
  }
  for (const each of every("quality")) {
    each.addEventListener("click", () => {
      const own = each.dataset.quality;
      state({ quality: says.quality.includes(own) ? says.quality.filter((q) => q !== own) : [...says.quality, own] });
    });
  }
  for (const each of every("depth")) {
    each.addEventListener("click", () => state({ depth: says.depth === each.dataset.depth ? "" : each.dataset.depth }));
  }
  for (const each of every("flag")) each.addEventListener("click", () => state({ [each.dataset.flag]: !says[each.dataset.flag] }));
  for (const each of every("brush")) {
    each.addEventListener("click", () => {
      body.brushSize = Number(each.dataset.brush);
      press(every("brush"), (button) => button === each);
    });
  }
  for (const each of every("figure-choice")) {
    each.addEventListener("click", async () => {
      press(every("figure-choice"), (button) => button === each);
      localStorage.setItem("tautband:figure", each.dataset.name);
      await body.setFigure(each.dataset.figureChoice);
    });
  }

  const OTHER_SIDE = { right: "left", left: "right", midline: "midline" };
  const closeUps = form.parentElement.querySelector("[data-close-ups]");
  const actions = {
    undo: () => (body ? body.undo() : step(past, future)),
    redo: () => (body ? body.redo() : step(future, past)),
    clear: () => (body ? body.clear(layer) : change(new Map([...marks].filter(([, mark]) => mark.layer !== layer)))),
    closer: () => (close ? wholeBody() : openCloseUps()),
    mirror: () => {
      if (body) body.mirror(layer);
      else change(new Map([...mapOf(listOf().filter((mark) => mark.layer === layer).map((mark) => ({ ...mark, side: OTHER_SIDE[mark.side] }))), ...marks]));
    },
    restate: () => {
      if (body) body.restate();
      else change(mapOf(listOf().map((mark) => (mark.layer === layer ? markWith(mark, says, mark) : mark))));
    },
  };
  for (const each of form.querySelectorAll("[data-do]")) each.addEventListener("click", () => actions[each.dataset.do]());

  function openCloseUps() {
    for (const part of data.close) part.button.hidden = way === "chart" && !Object.keys(part.boxes).length;
    closeUps.showModal();
  }
  for (const part of data.close) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = part.side === "right" ? "btn from-start" : "btn"; // right and left stand side by side
    part.title = part.side ? fill(W.close[part.side], { part: part.words }) : part.words;
    button.textContent = part.title;
    part.button = button;
    button.addEventListener("click", () => goClose(part));
    closeUps.querySelector("[data-close-list]").append(button);
  }
  function goClose(part) {
    closeUps.close();
    close = part;
    const word = form.querySelector("[data-closer-word]");
    word.dataset.near ??= word.textContent;
    word.textContent = word.dataset.whole;
    ask.textContent = part.title;
    if (way === "body" && !part.vertices.length) {
      backTo = "body"; // what is never seen, such as the teeth, has a chart of its own
      setWay("chart");
    } else if (way === "body") body.goClose(part);
    else showView(part.boxes[view] ? view : Object.keys(part.boxes)[0]);
  }
  function wholeBody() {
    close = null;
    const word = form.querySelector("[data-closer-word]");
    word.textContent = word.dataset.near;
    ask.textContent = W.ask[layer];
    if (backTo) {
      setWay(backTo);
      backTo = null;
    } else if (way === "body") body.goClose(null);
    else showView(["front", "back", "right", "left"].includes(view) ? view : "front");
  }

  form.elements.drawn_by?.addEventListener("change", keepIt); // a client's own page has no such box

  // --- The body to turn ----------------------------------------------------------------------------------------------

  const painter = form.querySelector("tb-pain-painter");
  const wayButton = form.querySelector("[data-way]");

  /** Whether this browser can draw the body at all; costs one small context. */
  function canShowBody() {
    const gl = document.createElement("canvas").getContext("webgl2");
    gl?.getExtension("WEBGL_lose_context")?.loseContext();
    return gl !== null;
  }

  /** Give the drawing to the painter: what was painted, or the marks; steps made on the chart can still be undone. */
  function takeUp() {
    const [first, ...later] = [...past, marks];
    painter.load(data.ink, [...first.values()]);
    for (const each of later) painter.follow([...each.values()]);
    past.length = 0;
    future.length = 0;
  }

  async function bringBody() {
    await import(data.island);
    painter.zones = { names: Object.keys(data.labels), areaCm2: data.areaCm2 };
    painter.hidden = false;
    painter.classList.add("coming");
    try {
      await painter.start();
    } catch (error) {
      painter.hidden = true;
      throw error;
    }
    painter.classList.remove("coming");
    body = painter;
    takeUp();
    body.addEventListener("change", () => {
      marks = mapOf(body.marks);
      draw();
      keepIt();
    });
    body.addEventListener("here", (event) => {
      const [zone, side] = event.detail.zone.split("/");
      say({ zone, side });
    });
    body.addEventListener("viewchange", () => way === "body" && press(every("view"), (button) => button.dataset.view === body.side));
    body.addEventListener("trouble", () => setWay("chart"));
    body.tool = tool;
    const wanted = localStorage.getItem("tautband:figure");
    const choice = every("figure-choice").find((button) => button.dataset.name === wanted);
    if (choice?.getAttribute("aria-pressed") === "false") choice.click();
    speak();
    draw();
  }

  /** Paint on the body or on the flat chart: the same drawing, one goes on where the other stopped. */
  function setWay(name) {
    way = name;
    painter.hidden = way !== "body";
    for (const plate of form.querySelectorAll("[data-plate]")) plate.hidden = true;
    for (const each of form.querySelectorAll("[data-body-only]")) each.hidden = way !== "body";
    if (way === "chart" && tool === "turn") chooseTool("paint");
    wayButton.textContent = way === "body" ? wayButton.dataset.chartWord : wayButton.dataset.bodyWord;
    form.dataset.paintsOn = way;
    if (close && way === "chart" && !Object.keys(close.boxes).length) wholeBody();
    else if (way === "body") body.goClose(close);
    if (way === "body") for (const button of every("view")) button.hidden = false;
    else showView(close?.boxes[view] || !close ? view : Object.keys(close.boxes)[0]);
    form.querySelector("[data-here]").hidden = true;
    draw();
  }
  wayButton.addEventListener("click", async () => {
    localStorage.setItem("tautband:way", way === "body" ? "chart" : "body");
    if (close && !close.vertices.length) wholeBody();
    if (!body) await (bodyReady = bringBody()).catch(() => undefined);
    if (body) setWay(way === "body" ? "chart" : "body");
    else said.textContent = W.no_body;
  });
  for (const each of every("turn")) each.addEventListener("click", () => body.turnBy(Number(each.dataset.turn)));

  let bodyReady = Promise.resolve();
  if (painter && canShowBody()) {
    wayButton.hidden = false;
    wayButton.textContent = wayButton.dataset.bodyWord;
    const chartWanted = localStorage.getItem("tautband:way") === "chart";
    if (!chartWanted || data.ink) {
      bodyReady = bringBody();
      bodyReady.then(
        () => setWay(chartWanted || past.length || stroke ? "chart" : "body"),
        () => (said.textContent = W.body_failed),
      );
    }
  }
  const modeButton = form.querySelector("[data-mode]");
  function setMode(mode) {
    form.dataset.now = mode;
    form.querySelector("[data-paint]").hidden = mode === "list";
    form.querySelector("[data-list]").hidden = mode === "paint";
    ask.textContent = mode === "paint" && close ? close.title : W.ask[layer];
    modeButton.textContent = mode === "list" ? modeButton.dataset.paintWord : modeButton.dataset.listWord;
    form.querySelector("[data-hint]").textContent = mode === "list" ? W.hint_list : W.hint_paint;
  }
  modeButton.hidden = false;
  modeButton.addEventListener("click", () => {
    setMode(form.dataset.now === "list" ? "paint" : "list");
    scrollTo({ top: 0, behavior: "instant" });
  });
  setMode("paint");
  form.classList.add("with-script");
  ask.textContent = W.ask[layer];
  showView("front");
  speak();
  draw();

  return {
    state: stateOf,
    marks: () => (body ? body.marks : listOf()),
    words: () => soFar(),
    tell: (words) => (said.textContent = words),
    tellOther,
    /** Show a drawing that was kept elsewhere. Resolves to what makes its marks the painter's, which is a change. */
    async load(state) {
      await bodyReady.catch(() => undefined);
      if (!state.ink && !body) past.push(marks);
      if (!state.ink) marks = mapOf(JSON.parse(state.marks));
      if (body && state.ink) {
        body.load(state.ink, []);
        marks = mapOf(body.marks);
      }
      draw();
      return () => body && !state.ink && body.follow(listOf());
    },
    stop: () => stopped.abort(),
  };
}
