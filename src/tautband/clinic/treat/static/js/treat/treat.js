// The guided screen: one step at a time, run by one wide target, a foot key, a number or a word.
//
// Everything shown comes from the events (`run.js`). A press makes an event, the screen is drawn from it at once, and
// the log keeps and sends it; so a reload, a sleep or a lost network changes nothing of what was done.

import { openDrawing } from "../drawing_sheet.js";
import { newKey, post, stateLine } from "../outbox.js";
import { SessionClock } from "./clock.js";
import { chime, localListener, localVoice, meaning, speak, stayAwake, watchBattery } from "./cues.js";
import { forgetKept, keepHere } from "./keep.js";
import { SessionLog } from "./log.js";
import { handsMs, runOf } from "./run.js";

const data = JSON.parse(document.getElementById("run-data").textContent);
const W = JSON.parse(document.getElementById("run-words").textContent);
const root = document.querySelector("[data-run]");
const sender = document.querySelector("[data-sender]");
const $ = (name) => document.querySelector(`[data-${name}]`);
const steps = new Map(data.steps.map((step) => [step.key, step]));
const GAP_ASKED_MS = 60_000;
const UNDO_MS = 10_000;
const LOOK_MS = 5000;
const MOST_SAID = 400;

const words = (key, given = {}) => W[key].replace(/\{(\w+)\}/g, (_, name) => given[name] ?? "");
const clockWords = (ms) => {
  const s = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
};

let device;
try {
  device = localStorage.getItem("tautband:screen");
  if (!device) localStorage.setItem("tautband:screen", (device = newKey()));
} catch {
  device = newKey();
}

let events = [...data.events];
let seq = 0;
let closed = data.closed;
let run;
let leaving = false;
let showSteps = false;
let asked = null; // {kind: "gap", from, to}
let notice = "";
let looking = false;
let echo = null;
let driverTold = "";
let dueFor = "";
const fromDevice = "fromDevice" in root.dataset; // opened without a network, as this device kept it

// --- Keep and send -------------------------------------------------------------------------------------------------

const line = stateLine($("run-state"));
const log = new SessionLog(
  String(data.session),
  async (parcel) => {
    const answer = await post(sender, { events: JSON.stringify(parcel), session: data.session });
    if (answer.ok) {
      takeClosed(answer.closed);
      if (answer.driver && answer.driver !== device && answer.driver !== driverTold) await follow(answer.driver);
      if (leaving && log.waiting.size <= parcel.length) setTimeout(() => log.waiting.size || goToEnd(), 0);
    }
    return answer;
  },
  (state, said, waiting) => line(state, state === "offline" ? words("waiting", { n: waiting }) : said),
);

/** What may not be done now is kept too, so that a page opened without a network never opens what was closed. */
function takeClosed(now) {
  if (JSON.stringify(now) === JSON.stringify(closed)) return;
  closed = now;
  log.tell(closed);
  draw();
}

/** Another screen took the session over: read what it did. */
async function follow(driver) {
  driverTold = driver;
  await catchUp();
  looking = false;
  draw();
}

/** Read what the server has. False where nobody answers, or it wants us to sign in first. */
async function catchUp() {
  const answer = await fetch(new URL("../state/", sender.action), { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return false;
  const told = await answer.json();
  const known = new Set(events.map((event) => event.key));
  const fresh = told.events.filter((event) => !known.has(event.key));
  events = [...events, ...fresh];
  log.keep(fresh);
  takeClosed(told.closed);
  return true;
}

async function goToEnd() {
  await log.over();
  await forgetKept(location.pathname);
  location.assign(root.dataset.done);
}

const clock = new SessionClock(String(data.session), fromDevice ? null : data.clock_ms, {
  jump: (ms) => events.length && emit("clock", { jump_ms: ms }, { quiet: true }),
  gap: (from, to) => askAboutGap(from, to),
});

function askAboutGap(from, to) {
  if (run?.phase === "running" && mine() && to - from > GAP_ASKED_MS) {
    asked = { from: Math.max(from, run.since_ms), to };
    draw();
  }
}

function emit(kind, given = {}, { quiet = false, undo = "" } = {}) {
  const last = events.reduce((most, event) => Math.max(most, event.t_ms), 0);
  seq += 1;
  const event = { key: newKey(), device, seq, t_ms: Math.max(clock.now(), last), kind, data: given };
  event.wall = new Date().toISOString();
  events.push(event);
  log.add(event);
  if (undo) say(undo, event.key);
  if (!quiet) draw();
  return event.key;
}

const mine = () => run.driver === device;

/** Echo what was done, with undo for ten seconds. */
function say(text, key = "") {
  echo = { text, key };
  clearTimeout(say.timer);
  say.timer = setTimeout(() => {
    echo = null;
    draw();
  }, UNDO_MS);
}

// --- Acts ----------------------------------------------------------------------------------------------------------

const act = {
  begin: () => emit("began", {}, { undo: "" }),
  pause: () => emit("paused"),
  resume: () => emit("resumed"),
  stop: () => emit("stopped", {}, { undo: words("noted", { what: W.stop_step }) }),
  skip: () => {
    emit("skipped", { step: run.step }, { undo: words("noted", { what: W.skip }) });
    openNext();
  },
  done: () => emit("done", {}, { undo: words("noted", { what: W.done }) }),
  beat: () => nextBeat(),
  again: () => emit("began"),
  next: () => openNext(),
  finish: () => {
    emit("finished");
    leaving = true;
    log.flush();
  },
  steps: () => {
    showSteps = !showSteps;
    draw();
    if (showSteps) $("panel").querySelector("button")?.focus();
  },
  ease: () => {
    const ease = steps.get(run.step).ease;
    emit("added", { step: ease }, { quiet: true });
    emit("opened", { step: ease });
  },
  leave: () => {
    emit("stopped", { why: W.leave_point }, { quiet: true });
    openNext();
  },
  took: () => {
    looking = false;
    emit("took");
  },
  look: () => {
    looking = true;
    draw();
  },
};

function openNext(key = "") {
  run = runOf(data.steps, events);
  const wanted = key || nextOpen();
  showSteps = false;
  if (wanted) emit("opened", { step: wanted });
  else draw();
  document.querySelector("h1").focus({ preventScroll: true });
}

/** The next step that is not closed meanwhile. */
function nextOpen() {
  return run.order.find((key) => !run.done.has(key) && key !== run.step && !closed[key]) ?? "";
}

function nextBeat() {
  const step = steps.get(run.step);
  const to = run.current.beat + 1;
  if (to < step.beats.length) emit("beat", { to });
  announceBeat();
}

function announceBeat() {
  const beat = steps.get(run.step)?.beats[run.current?.beat ?? 0];
  if (beat && speaks()) speak(beat.asks_number ? `${beat.do} ${W.reaches}` : beat.do);
}

function number(value, heard = "") {
  if (!run.current || !mine() || !["running", "paused", "over", "after"].includes(run.phase)) return;
  const before = run.current.numbers.filter((one) => !one.withdrawn).at(-1);
  const replaces = replacing && before ? { instead_of: before.key } : {};
  replacing = false;
  const key = emit("number", { value, ...replaces, ...(heard ? { heard } : {}) });
  say(words("number_noted", { n: value }), key);
  if (run.phase === "over") {
    chime(330, 0.4);
    if (speaks()) speak(words("over", { n: value }));
  }
  draw();
  tick();
}
let replacing = false;

function undo() {
  if (!echo?.key) return;
  const key = echo.key;
  echo = null;
  emit("undone", { key });
}

// --- Draw ----------------------------------------------------------------------------------------------------------

const icons = document.getElementById("run-icons").content;
const iconOf = (name) => [...icons.children].find((svg) => svg.querySelector("use")?.getAttribute("href").endsWith(`#${name}`))?.cloneNode(true);

function el(tag, given = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...inside.filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
}
const button = (text, press, { css = "", icon = "", ...more } = {}) =>
  el("button", { type: "button", class: `btn ${css}`.trim(), onclick: press, ...more }, icon ? iconOf(icon) : "", el("span", {}, text));

function draw() {
  run = runOf(data.steps, events);
  const step = steps.get(run.step);
  root.dataset.phase = run.phase;
  drawProgress();
  drawHead(step);
  drawPanel(step);
  drawFigure(step);
  drawAsk(step);
  drawEcho();
  drawActs(step);
  tick();
}

function sideOf(step) {
  return run.current?.side || step.side;
}

function drawProgress() {
  const items = run.order.map((key) => el("li", { class: key === run.step ? "c" : run.done.has(key) ? "d" : "" }));
  $("progress").replaceChildren(...items);
}

function titleOf(step, side) {
  const name = step.target_name;
  return side === "right" || side === "left" ? `${name}, ${W[side === "right" ? "Right" : "Left"].toLowerCase()}` : name;
}

function drawHead(step) {
  const chip = $("side-chip");
  if (!step) {
    chip.replaceChildren();
    $("over-title").textContent = "";
    $("title").textContent = nextOpen() ? titleOf(steps.get(nextOpen()), steps.get(nextOpen()).side) : W.all_done;
    return;
  }
  const technique = step.technique_name || (step.stage === "retest" ? W.retest : W.test);
  $("over-title").textContent = words("step_of", { n: run.order.indexOf(step.key) + 1, all: run.order.length, technique });
  const side = sideOf(step);
  const shape = document.getElementById("run-sides").content.querySelector(`[data-of="${side}"]`);
  chip.replaceChildren(...(shape ? [...shape.cloneNode(true).childNodes] : []));
  $("title").textContent = titleOf(step, side);
  document.title = `${$("title").textContent} · Tautband`;
}

/** The place beside or instead of the timer: what must be answered, or what came of the step. */
function drawPanel(step) {
  const panel = $("panel");
  const [kind, made] = panelOf(step);
  const signature = JSON.stringify([kind, run.step, run.current?.key, run.current?.details, run.current?.retest, run.order, [...run.done], closed, asked]);
  $("mid").dataset.kind = kind;
  if (panel.dataset.shown === signature) return;
  panel.dataset.shown = signature;
  panel.replaceChildren(...made());
}

function panelOf(step) {
  if (run.phase === "finished") return ["over-all", () => block(W.finished, W.finished_words)];
  if (Object.keys(closed).length >= data.steps.length && data.steps.length) return ["blocked", blockedPanel];
  if (run.driver && !mine() && !looking) return ["other", otherPanel];
  if (asked) return ["gap", gapPanel];
  if (showSteps) return ["steps", stepsPanel];
  if (!step) return ["rest", () => [el("p", { class: "q" }, nextOpen() ? "" : W.all_done_words)]];
  if (closed[step.key] && run.phase !== "after") return ["closed", () => [el("p", { class: "closed-words" }, words("closed", { why: closed[step.key] }))]];
  if (run.phase === "side") return ["side", () => sidePanel(step)];
  if (run.phase === "over") return ["over", () => overPanel(step)];
  if (run.phase === "after") return ["after", () => afterPanel(step)];
  if (!step.beats.length) return ["test", () => testPanel(step)];
  return ["", () => []];
}

const block = (title, text, ...acts) => [
  el("section", { class: "run-block", role: "alert" }, iconOf("pause") ?? "", el("div", {}, el("p", { class: "big" }, title), el("p", {}, text))),
  ...acts,
];

function blockedPanel() {
  return block(W.blocked, words("blocked_words", { why: Object.values(closed)[0] }));
}

function otherPanel() {
  return block(W.other_title, W.other_words, el("div", { class: "two" }, button(W.go_on_here, act.took, { css: "tall go" }), button(W.look, act.look, { css: "tall" })));
}

function gapPanel() {
  const time = clockWords(asked.to - asked.from);
  const answer = (counted) => () => {
    const { from, to } = asked;
    asked = null;
    emit("gap", { from, to, counted });
  };
  return block(words("gap", { time }), "", el("div", { class: "two" }, button(W.gap_yes, answer(true), { css: "tall" }), button(W.gap_no, answer(false), { css: "tall" })));
}

function sidePanel(step) {
  const choose = (side) => button(W[side === "right" ? "Right" : "Left"], () => emit("side", { side }), { css: "tall" });
  return [
    el("p", { class: "big-ask", role: "alert" }, words("side_title", { found: W[step.found_side], side: W[step.side] })),
    el("div", { class: "two" }, choose("right"), choose("left")),
  ];
}

function overPanel(step) {
  const said = run.current.numbers.filter((one) => !one.withdrawn).at(-1);
  const limit = step.limit_of_10 ?? step.stop_of_10 - 1;
  const ease = step.ease && !closed[step.ease] ? button(W.ease_instead, act.ease, { css: "tall", icon: "undo-2" }) : "";
  return [
    el("section", { class: "run-block", role: "alert" }, iconOf("pause") ?? "",
      el("div", {}, el("p", { class: "s" }, words("over_title", { time: clockWords(said.at_ms) })), el("p", { class: "big" }, words("over", { n: said.value })), el("p", {}, words("over_words", { n: limit })))),
    el("p", { class: "s q" }, W.over_stays),
    el("div", { class: "two" }, ease, button(W.leave_point, act.leave, { css: "tall" })),
  ];
}

/** Answers that are one touch each; the chosen one stays pressed, another touch takes it back. */
function choices(title, name, options, chosen, keep) {
  const id = `ask-${name}`;
  return el("div", { class: "run-choice" }, el("p", { id, class: "s q" }, title),
    el("div", { class: "seg", role: "group", "aria-labelledby": id },
      ...options.map(([value, text]) => button(text, () => keep(chosen === value ? "" : value), { "aria-pressed": String(chosen === value) }))));
}

function afterPanel(step) {
  const dose = run.current;
  const go = dose.key;
  if (step.stage !== "treat") return testPanel(step);
  const note = (name) => (value) => emit("logged", { go, [name]: value });
  const seen = dose.details;
  const more = el("details", { class: "run-more", open: seen.pressure_kg_cm2 !== undefined || Boolean(seen.words) },
    el("summary", { class: "btn bare small" }, W.more, iconOf("chevron-down") ?? ""),
    field(W.felt, "words", seen.words ?? "", "text", W.felt_help, (value) => emit("logged", { go, words: value }, { quiet: true })),
    field(W.pressure, "pressure", seen.pressure_kg_cm2 ?? "", "decimal", "", (value) => value !== "" && emit("logged", { go, pressure_kg_cm2: Number(value) }, { quiet: true })));
  return [
    retestPart(step, dose),
    choices(W.response, "response", ["eased", "same", "worse"].map((v) => [v, W[v]]), seen.response, note("response")),
    choices(W.referral, "referral", ["familiar", "other", "none"].map((v) => [v, W[v]]), seen.referral, note("referral")),
    drawnPart(dose),
    choices(W.twitch, "twitch", ["yes", "no"].map((v) => [v, W[v]]), seen.twitch, note("twitch")),
    more,
  ];
}

/** What pressing sends elsewhere is drawn on the body; what was drawn is said below the button. */
function drawnPart(dose) {
  const drawn = dose.details.drawn;
  if (dose.details.referral === "none" && !drawn) return "";
  const said = drawn ? el("p", { class: "s" }, words("drawn", { words: drawn.places })) : "";
  const open = button(drawn ? W.draw_again : W.draw, () => drawFelt(dose), { css: "", icon: "pencil", "data-draw": true });
  return el("div", { class: "run-choice" }, said, open);
}

async function drawFelt(dose) {
  const { marks = [], ink = "" } = dose.details.drawn ?? {};
  let drawn;
  try {
    drawn = await openDrawing({ url: root.dataset.sheet, title: W.draw_title, marks, ink, close: W.close });
  } catch {
    say(W.draw_failed);
    draw();
    return;
  }
  if (!drawn) return;
  emit("logged", { go: dose.key, drawn: { marks: drawn.marks, ink: drawn.ink, places: drawn.places.slice(0, MOST_SAID) } });
}

function testPanel(step) {
  if (step.retest) return [retestPart(step, run.current)];
  const states = [["absent", W.negative], ["present", W.positive], ["unknown", W.cannot]];
  return [choices(W.test, "test", states, run.current?.details.result, (state) => emit("tested", { go: run.current.key, state }))];
}

function retestPart(step, dose) {
  const test = step.retest;
  if (!test) return "";
  const go = dose.key;
  const head = el("h2", {}, words("retest_title", { name: test.name }));
  const first = dose.numbers.find((one) => !one.withdrawn)?.value;
  const before = test.before ?? (test.unit === "of 10" ? first : undefined);
  const old = test.baseline || before !== undefined ? el("p", { class: "q" }, words("before", { value: test.baseline || `${before} ${test.unit}` })) : "";
  if (!test.measured) {
    const states = [["absent", W.negative], ["present", W.positive], ["cannot", W.cannot]];
    return el("section", { class: "run-retest" }, head, old, choices(W.now, "retest", states, dose.retest.state, (state) => emit("retested", { go, state })));
  }
  const keep = (value) => value !== "" && Number.isFinite(Number(value)) && emit("retested", { go, value: Number(value), ...(before === undefined ? {} : { before }) }, { quiet: true });
  return el("section", { class: "run-retest" }, head, old, field(test.unit === "of 10" ? W.now_of_10 : words("now_in", { unit: test.unit }), "retest", dose.retest.value ?? "", "decimal", "", keep));
}

function field(label, name, value, mode, help, keep) {
  const id = `run-${name}`;
  const input = el("input", { id, type: "text", inputmode: mode, value, maxlength: 200, "aria-describedby": help ? `${id}-help` : null, onchange: (event) => keep(event.target.value.trim().replace(",", ".")) });
  return el("div", { class: "run-field" }, el("label", { for: id }, label), help ? el("p", { id: `${id}-help`, class: "xs q" }, help) : "", input);
}

function stepsPanel() {
  const rows = [...run.order, ...data.steps.filter((s) => s.closed && !s.variant_of).map((s) => s.key)].map((key, place) => {
    const step = steps.get(key);
    const why = closed[key] || step.closed;
    const doses = run.doses.filter((dose) => dose.step === key && dose.ended);
    const state = key === run.step ? W.here : doses.length ? (doses.every((dose) => dose.ended === "skipped") ? W.was_skipped : W.was_done) : "";
    const acts = why ? [el("span", { class: "s q" }, words("closed", { why }))] : key === run.step ? [] : [
      button(W.do_now, () => openNext(key), { css: "small" }),
      place > 0 && !run.done.has(key) ? button(W.earlier, () => moveUp(key), { css: "small bare" }) : "",
    ];
    return el("li", { class: why ? "shut" : "" }, el("div", {}, el("b", {}, titleOf(step, step.side)), el("span", { class: "q s" }, [step.technique_name.toLowerCase(), state].filter(Boolean).join(", "))), el("div", { class: "row" }, ...acts));
  });
  const list = el("ol", { class: "run-list" }, ...rows);
  const rest = el("div", { class: "row wrap" }, button(W.back, act.steps, { css: "" }), button(W.finish_session, act.finish, { css: "bare" }), el("a", { class: "btn bare", href: root.dataset.list }, W.as_list));
  return [el("h2", {}, W.which_step), list, rest];
}

function moveUp(key) {
  const order = [...run.order];
  const place = order.indexOf(key);
  order.splice(place, 1);
  order.splice(place - 1, 0, key);
  emit("reordered", { order });
}

/** Which pictures a step has: the place first, then its positions. */
function picturesOf(step) {
  if (!step) return [];
  const side = sideOf(step);
  const place = document.querySelector(`template[data-place="${step.key}-${side}"]`) ?? document.querySelector(`template[data-place="${step.variant_of}-${side}"]`);
  const poses = [...document.querySelectorAll(`template[data-pose="${step.key}-${side}"]`)];
  return [...(place ? [{ kind: "where", title: W.where, template: place }] : []), ...poses.map((each) => ({ kind: each.dataset.kind, title: each.dataset.title, template: each }))];
}

let looksAt = {}; // what somebody chose to see: {step, kind}

/** The place while it is looked for, then the position it is done in; whoever taps another picture keeps that one. */
function pictureNow(step, pictures) {
  const chosen = looksAt.step === step.key && pictures.find((each) => each.kind === looksAt.kind);
  if (chosen) return chosen;
  const beat = step.beats[run.current?.beat ?? 0];
  const key = beat?.key ?? "";
  const wanted = /stretch|lengthen/.test(key) ? "stretch" : /ease/.test(key) ? "ease" : "";
  const poses = pictures.filter((each) => each.kind !== "where");
  // A technique with one position is held in it; one with several names them in its beats.
  const held = poses.length === 1 && /hold|tense|push|contract/.test(key) ? poses[0] : null;
  return pictures.find((each) => each.kind === wanted) ?? held ?? pictures[0];
}

function drawFigure(step) {
  const box = $("figure");
  const pictures = picturesOf(step);
  const now = step && pictures.length ? pictureNow(step, pictures) : null;
  const key = now ? `${step.key}-${sideOf(step)}-${now.kind}` : "";
  if (box.dataset.shown !== key) {
    box.dataset.shown = key;
    box.replaceChildren(...(now ? [now.template.content.cloneNode(true)] : []));
    box.hidden = !now;
    const look = (kind) => () => {
      looksAt = { step: step.key, kind };
      drawFigure(step);
    };
    $("views").hidden = pictures.length < 2;
    $("views").replaceChildren(...(pictures.length < 2 ? [] : pictures.map((each) => button(each.title, look(each.kind), { css: "small", "aria-pressed": String(each === now) }))));
  }
  const beat = step?.beats[run.current?.beat ?? 0];
  $("do").textContent = beat ? beat.do : step ? step.reason : "";
  $("say").textContent = beat && beat.say ? `“${beat.say}”` : "";
  const position = step ? step.position || step.ease_position : "";
  $("position").textContent = position ? `${position.charAt(0).toUpperCase()}${position.slice(1)}.` : "";
  const watch = [beat?.stop_when, ...(step?.cautions ?? [])].filter(Boolean);
  $("watch").textContent = watch.length ? words("watch", { what: watch.join("; ") }) : "";
}

function drawAsk(step) {
  const shown = step && step.stage === "treat" && ["running", "paused", "over"].includes(run.phase) && !showSteps && mine();
  $("ask").hidden = !shown;
  if (!shown) return;
  const said = run.current.numbers;
  const last = said.filter((one) => !one.withdrawn).at(-1);
  const limit = step.limit_of_10;
  const scale = $("scale");
  if (!scale.childElementCount) {
    for (let n = 0; n <= 10; n += 1) scale.append(el("button", { type: "button", class: "num", "data-n": n, onclick: () => number(n) }, String(n)));
  }
  for (const one of scale.children) {
    const n = Number(one.dataset.n);
    one.setAttribute("aria-pressed", String(last?.value === n));
    one.classList.toggle("aim", limit !== null && n <= limit && n > limit - 3 && n > 0);
  }
  const list = said.map((one) => el(one.withdrawn ? "s" : one === last ? "b" : "span", {}, String(one.value)));
  $("numbers").replaceChildren(...list.flatMap((one, n) => (n ? [", ", one] : [one])), trend(said));
  $("aim").textContent = [limit === null ? W.aim_none : words("aim", { n: limit }), step.by_number ? "" : W.not_by_number].join(" ");
}

function trend(said) {
  const values = said.filter((one) => !one.withdrawn);
  if (values.at(-1)?.over) return `: ${W.rising}`;
  return values.length > 1 && values.at(-1).value < values.at(-2).value ? `: ${W.easing}` : "";
}

function drawEcho() {
  $("echo").hidden = !echo && !notice;
  $("echo-words").textContent = echo?.text ?? notice;
  $("undo").hidden = !echo?.key;
}

function actsOf(step) {
  if (run.phase === "finished" || (run.driver && !mine())) return [];
  if (Object.keys(closed).length >= data.steps.length || asked) return [[W.steps, "steps", "list"], [W.finish, "finish", "check", true]];
  if (showSteps) return [];
  const next = nextOpen();
  const nextWords = next ? words("next", { what: steps.get(next).target_name }) : W.finish;
  const goNext = [nextWords, next ? "next" : "finish", "", true];
  if (!step) return [[W.steps, "steps", "list"], goNext];
  if (closed[step.key] && run.phase !== "after") return [[W.steps, "steps", "list"], [W.skip, "skip", "chevron-right", true]];
  const test = step.retest && step.stage === "treat" ? W.done_retest : W.done;
  const beat = step.beats[(run.current?.beat ?? 0) + 1];
  const stop = [W.stop_step, "stop", "x"];
  if (run.phase === "side") return [[W.steps, "steps", "list"], [W.skip, "skip", "chevron-right"]];
  if (!step.beats.length && run.phase === "ready") return [[W.steps, "steps", "list"], [W.skip, "skip", "chevron-right"], [nextWords, "test", "", true]];
  if (run.phase === "ready") return [[W.steps, "steps", "list"], [W.skip, "skip", "chevron-right"], [W.begin, "begin", "play", true]];
  if (run.phase === "running") return [[W.pause, "pause", "pause"], stop, beat ? [words("next_beat", { what: beatName(beat) }), "beat", "", true] : [test, "done", "", true]];
  if (run.phase === "paused") return [[W.steps, "steps", "list"], stop, [W.go_on, "resume", "play", true]];
  if (run.phase === "over") return [[W.lifted, "pause", "hand"], stop, [W.eased_go_on, "resume", "", true]];
  return step.beats.length ? [[W.steps, "steps", "list"], [W.again, "again", "rotate-ccw"], goNext] : [[W.steps, "steps", "list"], goNext];
}

const MOST_SIGNS = 30;
/** The first words of what comes: enough to know it by. */
function beatName(beat) {
  const first = beat.do.split(/[.,;:]/)[0];
  const cut = first.length > MOST_SIGNS ? `${first.slice(0, first.lastIndexOf(" ", MOST_SIGNS))}…` : first;
  return cut.charAt(0).toLowerCase() + cut.slice(1);
}

/** A test that nobody recorded was not done; not tested is never kept as negative. */
act.test = () => {
  const told = run.current.details.result || run.current.retest.state || run.current.retest.value !== undefined;
  emit(told ? "done" : "skipped", told ? {} : { step: run.step }, { quiet: true });
  if (nextOpen()) openNext();
  else draw();
};

function drawActs(step) {
  const acts = actsOf(step);
  const box = $("acts");
  const signature = JSON.stringify(acts);
  if (box.dataset.shown === signature) return;
  box.dataset.shown = signature;
  box.dataset.count = acts.length;
  box.replaceChildren(...acts.map(([text, name, icon, go]) => button(text, () => press(name), { css: go ? "go" : "", icon, "data-act": name, "data-go": Boolean(go) })));
}

function press(name) {
  act[name]();
  if (document.activeElement?.closest("[data-acts], [data-scale]")) document.activeElement.blur();
}

// --- Time ----------------------------------------------------------------------------------------------------------

/** Draw the time; let a beat that needs nothing pass on by itself when its time is over. */
function tick() {
  const step = steps.get(run.step);
  const dose = run.current;
  const timer = $("timer");
  timer.hidden = !step?.beats.length || ["side", "after", "waiting", "finished"].includes(run.phase) || ["other", "steps", "gap", "blocked", "over", "closed"].includes($("mid").dataset.kind);
  if (timer.hidden) return;
  const beat = step.beats[dose.beat] ?? step.beats.at(-1);
  const hands = handsMs(run, clock.now());
  const left = beat.seconds * 1000 - (hands - dose.beat_from_ms);
  const show = run.phase === "ready" ? beat.seconds * 1000 : Math.abs(left);
  const text = (left < 0 && run.phase !== "ready" ? "+" : "") + clockWords(show);
  if ($("time").textContent !== text) $("time").textContent = text;
  const below = run.phase === "ready" ? words("to_begin", { s: Math.round(step.beats.reduce((sum, one) => sum + one.seconds, 0)) })
    : run.phase === "paused" ? W.paused
    : left < 0 ? W.longer
    : beat.repetitions ? words("at_own_pace", { n: beat.repetitions }) : words("left_of", { s: beat.seconds });
  if ($("time-words").textContent !== below) $("time-words").textContent = below;
  const share = run.phase === "ready" ? 1 : Math.max(0, Math.min(1, left / (beat.seconds * 1000)));
  $("ring").setAttribute("stroke-dasharray", `${Math.round(share * 1000)} 1000`);
  timer.setAttribute("aria-label", `${text} ${below}`);
  timer.dataset.paused = String(run.phase === "paused");
  if (run.phase === "running" && mine() && left <= 0) passOn(step, dose, beat);
}

function passOn(step, dose, beat) {
  const key = `${dose.key}/${dose.beat}/${dose.beat_from_ms}`;
  const saidNow = dose.numbers.some((one) => !one.withdrawn && one.at_ms >= dose.beat_from_ms);
  if (dueFor !== key) {
    dueFor = key;
    chime(dose.beat + 1 < step.beats.length ? 660 : 880);
    if (beat.asks_number && !saidNow && speaks()) speak(W.reaches);
  }
  const waits = beat.repetitions || (beat.asks_number && !saidNow);
  if (!waits && dose.beat + 1 < step.beats.length) nextBeat();
}

function drawMinutes() {
  const box = $("minutes");
  if (box.dataset.gone === "") return;
  drawMinutes.start ??= performance.now();
  const gone = Number(box.dataset.gone) + Math.floor((performance.now() - drawMinutes.start) / 60_000);
  box.textContent = words("minutes", { gone, all: box.dataset.minutes });
}

// --- Keys, voice, sounds -------------------------------------------------------------------------------------------

const goButton = () => document.querySelector("[data-acts] [data-go]");
let digit = 0;

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [popover], dialog")) return;
  const onControl = event.target.closest("button, a, summary") && event.target.matches(":focus-visible");
  if (["PageDown", "ArrowRight"].includes(event.key) || (event.key === " " && !onControl) || (event.key === "Enter" && !onControl)) {
    event.preventDefault();
    if (!event.repeat) goButton()?.click();
  } else if (["PageUp", "ArrowLeft", "p"].includes(event.key)) {
    event.preventDefault();
    if (run.phase === "running" && mine()) act.pause();
  } else if (event.key === "Escape" || event.key === "s") {
    if (["running", "paused", "over"].includes(run.phase) && mine()) act.stop();
  } else if (/^\d$/.test(event.key)) {
    const ten = event.key === "0" && digit === 1 && performance.now() - onKey.at < 700;
    digit = Number(event.key);
    onKey.at = performance.now();
    if (ten) {
      replacing = true;
      number(10);
    } else number(digit);
  }
}

const speaks = () => $("speech").getAttribute("aria-pressed") === "true" && !$("speech").hidden;

function readyVoice() {
  const has = localVoice() !== null;
  $("speech").hidden = !has;
  $("speech-words").textContent = has ? "" : W.no_speech;
  try {
    $("speech").setAttribute("aria-pressed", String(localStorage.getItem("tautband:speak") === "yes"));
  } catch {
    return;
  }
}

async function readyHearing() {
  const listener = await localListener((heard) => {
    const meant = meaning(heard);
    if (meant?.number !== undefined) {
      replacing = Boolean(echo?.key) && /right|sorry|no/.test(heard);
      number(meant.number, heard.slice(0, 80));
    } else if (meant?.act === "go") goButton()?.click();
    else if (meant?.act === "pause" && run.phase === "running") act.pause();
    else if (meant?.act === "stop" && ["running", "paused", "over"].includes(run.phase)) act.stop();
  });
  $("voice-words").textContent = listener ? W.hears : W.no_voice;
  if (!listener) return;
  const mic = $("hear");
  mic.hidden = false;
  let on = false;
  const turn = () => {
    on = !on;
    mic.setAttribute("aria-pressed", String(on));
    if (on) listener.start();
    else listener.stop();
  };
  listener.addEventListener("end", () => on && listener.start());
  mic.addEventListener("click", turn);
}

// --- Begin ---------------------------------------------------------------------------------------------------------

async function start() {
  const left = await log.left();
  events = [...events, ...left.events];
  if (fromDevice && left.closed) closed = left.closed;
  seq = events.filter((event) => event.device === device).reduce((most, event) => Math.max(most, event.seq), 0);
  run = runOf(data.steps, events);
  root.hidden = false;
  document.addEventListener("keydown", onKey);
  $("undo").addEventListener("click", undo);
  $("speech").addEventListener("click", () => {
    const on = !speaks();
    $("speech").setAttribute("aria-pressed", String(on));
    try {
      localStorage.setItem("tautband:speak", on ? "yes" : "no");
    } catch {
      return;
    }
  });
  if (!run.driver && data.device === device) emit("took", {}, { quiet: true });
  else if (!run.driver && data.device !== device) run = { ...run, driver: data.device };
  run = runOf(data.steps, events);
  if (!run.driver) events.push({ key: "begun-elsewhere", device: data.device, seq: 0, t_ms: 0, kind: "took", data: {} });
  draw();
  if (mine() && run.phase === "waiting" && !run.doses.length) openNext();
  const alive = clock.lastAlive();
  if (alive !== null) askAboutGap(alive, clock.now());
  leaving = run.phase === "finished";
  if (log.waiting.size) log.flush();
  log.keep(data.events);
  log.tell(closed);
  if (fromDevice) comeBack();
  setInterval(tick, 100);
  setInterval(drawMinutes, 5000);
  drawMinutes();
  stayAwake();
  watchBattery((n) => {
    notice = words("battery", { n });
    draw();
  });
  readyVoice();
  globalThis.speechSynthesis?.addEventListener?.("voiceschanged", readyVoice);
  readyHearing();
  root.dataset.ready = "yes";
  const isKept = fromDevice || (await keepHere(root.dataset.worker, [root.dataset.sheet]));
  root.dataset.kept = isKept ? "yes" : "no";
  $("kept-words").textContent = isKept ? W.kept_here : W.not_kept_here;
}

/** Opened without a network: say so, and look for the server until it answers. */
async function comeBack() {
  line("offline", words("waiting", { n: log.waiting.size }));
  while (!(await catchUp())) await nextLook();
  if (!log.waiting.size) line("saved");
  draw();
}

function nextLook() {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LOOK_MS);
    addEventListener("online", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

start();
