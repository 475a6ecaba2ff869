/**
 * <tb-pain-painter body="/static/islands/body-1.bin" surface="body-1" for="id_ink">: the body to turn and to paint on.
 *
 * It fills the field named by `for` with the drawing (the plain form, as text) and says `change`; a page may also drive
 * it with the methods below and listen:
 *   ready         the figure stands and can be painted
 *   change        a stroke, undo, redo, clear, mirror or `follow` changed the drawing
 *   here          detail.zone: the zone under the brush, as `zone.id/side`
 *   viewchange    detail: { azimuthDeg, close }
 *   trouble       detail.words: it cannot be shown here; the chart and the list remain
 * `voice="client"` says "Your right"; the words themselves are children with `data-side`, given by the page.
 */

import { decode, encode, fromText, toText } from "./coding";
import { Spread, graphOf } from "./geodesic";
import { type Coat, Ink, type Layer, type Mark, type Says, type Zones, weightOf } from "./ink";
import { Stage } from "./stage";
import { type Dab, between, dabAt, unjoined } from "./stroke";
import { type Surface, readFigure, readSurface } from "./surface";
import { type CloseUp, SIDE_AZIMUTH_DEG, type View, brushRadiusM, closeUp, sideWords, wholeBody } from "./views";

export type Tool = "paint" | "rub" | "turn";

/** How long things took, for `benchmarks/painter.py`; milliseconds of this thread. */
export interface Measured {
  readyMs: number;
  dabMs: number[];
  frameMs: number[];
  strokes: number;
}

const TURN_DEG_PER_PX = 0.45;
const MOST_ZOOM = 8;
const SOFT = 0.28; // share of the radius over which a dab fades
const TELL_MS = 40;
const KEPT_TIMES = 5_000;

export class PainPainter extends HTMLElement {
  readonly measured: Measured = { readyMs: 0, dabMs: [], frameMs: [], strokes: 0 };
  tool: Tool = "paint";
  brushSize = 1;
  says: Says = { layer: "pain", intensity: null, quality: [], depth: "", began: false, moves: false };
  zones: Zones = { names: [], areaCm2: [] };

  private surface!: Surface;
  private stage!: Stage;
  private ink!: Ink;
  private spread!: Spread;
  private figurePositions!: Float32Array;
  private close: CloseUp | null = null;
  private canvas!: HTMLCanvasElement;
  private last: Dab | null = null;
  private pointers = new Map<number, { x: number; y: number }>();
  private gesture: "stroke" | "turn" | "pinch" | null = null;
  private watching: ResizeObserver | null = null;
  private queue: Dab[] = [];
  private queued = 0;
  private dabbedMs = 0;
  private telling = 0;
  private starting: Promise<void> | null = null;

  /** Load the body and begin. Resolves when the first frame stands; rejects when this browser cannot do it. */
  start(): Promise<void> {
    return (this.starting ??= this.begin());
  }

  private async begin(): Promise<void> {
    const started = performance.now();
    this.canvas = this.querySelector("canvas") ?? this.appendChild(document.createElement("canvas"));
    const figure = this.getAttribute("figure");
    const [body, shape] = await Promise.all([loaded(this.getAttribute("body") ?? ""), figure ? loaded(figure) : null]);
    this.surface = readSurface(body);
    this.figurePositions = shape ? readFigure(shape, this.surface.vertexCount) : this.surface.positions;
    this.ink = new Ink(this.surface, this.zones);
    const graph = graphOf({ ...this.surface, positions: this.figurePositions });
    this.stage = new Stage(this.canvas, this.surface, graph, this.figurePositions, wholeBody(this.figurePositions, 0));
    this.stage.onFrame = (ms) => {
      keep(this.measured.frameMs, ms + this.dabbedMs);
      this.dabbedMs = 0;
      this.placePins();
    };
    this.watching = new ResizeObserver(() => this.stage.resize());
    this.watching.observe(this.canvas);
    this.stage.resize();
    this.watchTheme();
    this.listen();
    this.spread = new Spread(graph, this.surface.vertexCount);
    this.stage.warm();
    await new Promise(requestAnimationFrame);
    this.measured.readyMs = performance.now() - started;
    this.toggleAttribute("ready", true);
    this.tell("ready");
    this.viewChanged();
  }

  disconnectedCallback(): void {
    this.watching?.disconnect();
    this.stage?.dispose();
  }

  // --- The drawing ---------------------------------------------------------------------------------------------------

  /** The drawing as text for a form or the network. */
  get value(): string {
    return toText(encode(this.ink.coats(), this.getAttribute("surface") ?? ""));
  }

  /** Take over a drawing: what was painted, or zones where only zones were marked. Forgets the steps of undo. */
  load(inkText: string, marks: readonly Mark[]): void {
    this.ink = new Ink(this.surface, this.zones);
    if (inkText) this.ink.add(this.decoded(inkText), true);
    else this.ink.follow(marks);
    this.showAll();
  }

  /** Marks on zones, as read from the ink. */
  get marks(): Mark[] {
    return this.ink.marks();
  }

  /** Take over marks that the chart or the list changed, as one step. */
  follow(marks: readonly Mark[]): void {
    this.step(() => this.ink.follow(marks));
  }

  /** Put another drawing under this one, as one step: both inks stay, this one on top. */
  join(inkText: string, marks: readonly Mark[]): void {
    const other = new Ink(this.surface, this.zones);
    if (inkText) other.add(this.decoded(inkText), true);
    else other.follow(marks);
    this.step(() => this.ink.add(other.coats(), false));
  }

  private decoded(text: string): Coat[] {
    return decode(fromText(text), this.getAttribute("surface") ?? "");
  }

  get canUndo(): boolean {
    return this.ink.canUndo;
  }
  get canRedo(): boolean {
    return this.ink.canRedo;
  }
  get isEmpty(): boolean {
    return this.ink.isEmpty;
  }
  undo(): void {
    if (this.ink.undo()) this.changed();
  }
  redo(): void {
    if (this.ink.redo()) this.changed();
  }
  clear(layer: Layer): void {
    this.step(() => this.ink.clear(layer));
  }
  mirror(layer: Layer): void {
    this.step(() => this.ink.mirror(layer));
  }

  /** Say of everything painted in a layer what is said now. */
  restate(): void {
    this.step(() => this.ink.restate(this.says));
  }

  private step(act: () => void): void {
    this.ink.begin();
    act();
    if (this.ink.end()) this.changed();
  }

  private changed(): void {
    this.stage.show(this.ink, this.ink.takeDirty());
    this.telling ||= window.setTimeout(() => this.tellChange(), TELL_MS);
  }

  /** Pass the drawing on: many strokes in a moment are told once. Called at once when the page goes away. */
  private tellChange(): void {
    if (!this.telling) return;
    clearTimeout(this.telling);
    this.telling = 0;
    this.pin();
    const field = this.getAttribute("for");
    const input = field ? document.getElementById(field) : null;
    if (input instanceof HTMLInputElement) input.value = this.value;
    this.tell("change");
  }

  private showAll(): void {
    this.ink.takeDirty();
    this.stage.show(this.ink, Array.from({ length: this.surface.vertexCount }, (_, vertex) => vertex));
    this.pin();
  }

  // --- Views ---------------------------------------------------------------------------------------------------------

  /** One of front, back, left, right: of the whole body, or around what is close. */
  turnTo(side: string): void {
    const azimuthDeg = SIDE_AZIMUTH_DEG[side] ?? 0;
    if (!this.close) this.look(wholeBody(this.figurePositions, azimuthDeg));
    else this.look(closeUp(this.figurePositions, { ...this.close, azimuthDeg }));
  }

  /** Turn by so many degrees, and tilt; for buttons and keys. */
  turnBy(azimuthDeg: number, elevationDeg = 0): void {
    const view = this.stage.view;
    const rise = Math.min(80, Math.max(-80, view.elevationDeg + elevationDeg));
    const turn = ((((view.azimuthDeg + azimuthDeg + 180) % 360) + 360) % 360) - 180;
    this.look({ ...view, azimuthDeg: turn, elevationDeg: rise }, this.stage.zoom);
  }

  goClose(part: CloseUp | null): void {
    this.close = part;
    this.look(part ? closeUp(this.figurePositions, part) : wholeBody(this.figurePositions, 0));
  }

  /** Where a vertex stands on the screen, and whether its skin looks at the reader. */
  placeOf(vertex: number): { x: number; y: number; seen: boolean } {
    const box = this.canvas.getBoundingClientRect();
    const { x, y, seen } = this.stage.onScreen(vertex);
    return { x: box.left + x, y: box.top + y, seen };
  }

  private look(view: View, zoom = 1): void {
    this.stage.view = view;
    this.stage.zoom = zoom;
    this.stage.place();
    this.viewChanged();
  }

  /** Which side is looked at most, for the buttons. */
  get side(): string {
    const turn = this.stage.view.azimuthDeg;
    const off = (azimuth: number): number => Math.abs(((turn - azimuth + 540) % 360) - 180);
    return Object.entries(SIDE_AZIMUTH_DEG).sort((a, b) => off(a[1]) - off(b[1]))[0][0];
  }

  /** Show another figure; what was painted stays on its skin. */
  async setFigure(url: string): Promise<void> {
    this.figurePositions = readFigure(await loaded(url), this.surface.vertexCount);
    this.stage.setFigure(this.figurePositions);
    this.spread = this.spreadOn(this.figurePositions);
    const { azimuthDeg, elevationDeg } = this.stage.view;
    this.look({ ...(this.close ? closeUp(this.figurePositions, this.close) : wholeBody(this.figurePositions, 0)), azimuthDeg, elevationDeg });
  }

  private spreadOn(positions: Float32Array): Spread {
    return new Spread(graphOf({ ...this.surface, positions }), this.surface.vertexCount);
  }

  private viewChanged(): void {
    const { azimuthDeg, target } = this.stage.view;
    const words = sideWords(azimuthDeg);
    for (const label of this.querySelectorAll<HTMLElement>("[data-side]")) {
      const place = label.dataset.side === words.start ? "start" : label.dataset.side === words.end ? "end" : "";
      label.hidden = !place || Boolean(this.close?.key.endsWith("/left") && label.dataset.side === "right") || Boolean(this.close?.key.endsWith("/right") && label.dataset.side === "left");
      label.classList.toggle("at-left", place === "start");
      label.classList.toggle("at-right", place === "end");
    }
    const away = Boolean(this.close) || this.stage.zoom > 1.4;
    for (const map of this.querySelectorAll<SVGElement>("[data-mini]")) {
      const back = Math.abs(azimuthDeg) > 90;
      map.toggleAttribute("hidden", !away || (map.dataset.mini === "back") !== back);
      const dot = map.querySelector("circle");
      dot?.setAttribute("cx", String(800 * (0.5 + (back ? -target[0] : target[0]))));
      dot?.setAttribute("cy", String(1400 - 800 * (target[1] + 0.015)));
    }
    this.tell("viewchange", { azimuthDeg, close: this.close?.key ?? null });
  }

  private watchTheme(): void {
    const dress = (): void => this.stage.dress();
    new MutationObserver(dress).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
    this.canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.tell("trouble", { words: "lost" });
    });
    this.canvas.addEventListener("webglcontextrestored", () => this.showAll());
  }

  // --- Pointers ------------------------------------------------------------------------------------------------------

  private listen(): void {
    this.canvas.addEventListener("pointerdown", (event) => this.down(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"] as const) {
      this.canvas.addEventListener(end, (event) => this.up(event));
    }
    this.canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    addEventListener("pagehide", () => this.tellChange());
    document.addEventListener("visibilitychange", () => document.hidden && this.tellChange());
  }

  private down(event: PointerEvent): void {
    if (event.button > 0 && event.pointerType === "mouse") {
      this.gesture = "turn";
    } else if (this.pointers.size) {
      if (this.gesture === "stroke") this.takeBackStroke();
      this.gesture = "pinch";
    } else {
      const onSkin = this.tool !== "turn" && this.stage.hit(event.clientX, event.clientY);
      this.gesture = onSkin ? "stroke" : "turn"; // a drag that begins beside the body turns it
    }
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    if (event.isTrusted) this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.gesture === "stroke") {
      this.ink.begin();
      this.last = dabAt(event);
      this.enqueue([this.last]);
    }
  }

  private move(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    if (this.gesture === "stroke" && this.last) {
      const dabs: Dab[] = [];
      for (const inside of unjoined(event)) {
        const dab = dabAt(inside);
        const spacing = Math.max(3, (0.35 * this.radiusM(dab)) / this.stage.metresPerPx);
        if (Math.hypot(dab.x - this.last.x, dab.y - this.last.y) < spacing / 2) continue;
        dabs.push(...between(this.last, dab, spacing));
        this.last = dab;
      }
      this.enqueue(dabs);
    } else if (this.gesture === "turn") {
      this.turnBy(-(event.clientX - before.x) * TURN_DEG_PER_PX, (event.clientY - before.y) * TURN_DEG_PER_PX * 0.5);
    } else if (this.gesture === "pinch" && this.pointers.size === 2) {
      this.pinch(event, before);
    }
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  private up(event: PointerEvent): void {
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.gesture === "stroke") {
      this.work();
      this.last = null;
      if (this.ink.end()) {
        this.measured.strokes += 1;
        this.changed();
      }
    }
    if (!this.pointers.size) this.gesture = null;
  }

  /** A second finger came down: it is a pinch, and what the first one painted was not meant. */
  private takeBackStroke(): void {
    this.queue = [];
    this.last = null;
    if (this.ink.end()) this.ink.undo();
    this.stage.show(this.ink, this.ink.takeDirty());
  }

  private pinch(event: PointerEvent, before: { x: number; y: number }): void {
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) return;
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(event.clientX - other.x, event.clientY - other.y);
    const zoom = Math.min(MOST_ZOOM, Math.max(1, this.stage.zoom * (is / Math.max(1, was))));
    this.slide((event.clientX - before.x) / 2, (event.clientY - before.y) / 2, zoom);
  }

  /** Move the figure under the fingers. */
  private slide(dx: number, dy: number, zoom: number): void {
    const view = this.stage.view;
    const scale = this.stage.metresPerPx;
    const turn = (view.azimuthDeg * Math.PI) / 180;
    const [x, y, z] = view.target;
    const target = [x - dx * scale * Math.cos(turn), Math.min(1.75, Math.max(0, y + dy * scale)), z + dx * scale * Math.sin(turn)] as const;
    this.look({ ...view, target }, zoom);
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey && document.activeElement !== this.canvas) return; // the page scrolls until the figure is used
    event.preventDefault();
    this.look(this.stage.view, Math.min(MOST_ZOOM, Math.max(1, this.stage.zoom * Math.exp(-event.deltaY / 400))));
  }

  private key(event: KeyboardEvent): void {
    const turn: Record<string, [number, number]> = { ArrowLeft: [-15, 0], ArrowRight: [15, 0], ArrowUp: [0, 10], ArrowDown: [0, -10] };
    const way = turn[event.key];
    if (!way) return;
    event.preventDefault();
    this.turnBy(...way);
  }

  // --- Dabs ----------------------------------------------------------------------------------------------------------

  private radiusM(dab: Dab): number {
    return brushRadiusM(this.stage.metresPerPx, this.brushSize) * (0.6 + 0.8 * dab.pressure);
  }

  private enqueue(dabs: readonly Dab[]): void {
    this.queue.push(...dabs);
    this.queued ||= requestAnimationFrame(() => this.work());
  }

  /** Lay the dabs that wait, in one go before the next frame. */
  private work(): void {
    cancelAnimationFrame(this.queued);
    this.queued = 0;
    const dabs = this.queue;
    this.queue = [];
    const started = performance.now();
    let nearest = -1;
    for (const dab of dabs) nearest = this.dab(dab) ?? nearest;
    if (!dabs.length) return;
    this.stage.show(this.ink, this.ink.takeDirty());
    this.dabbedMs += performance.now() - started;
    this.stage.drawNow();
    if (nearest >= 0) this.tell("here", { zone: this.zones.names[this.surface.zone[nearest]] });
  }

  /** One touch of the brush: along the skin, so ink never jumps from the arm to the trunk. */
  private dab(dab: Dab): number | null {
    const started = performance.now();
    const hit = this.stage.hit(dab.x, dab.y);
    if (!hit) return null;
    const radius = this.radiusM(dab);
    const { vertices, distanceM, count } = this.spread.around(hit.corners, hit.cornerM, radius * (1 + SOFT));
    const rubbing = this.tool === "rub";
    for (let k = 0; k < count; k += 1) {
      const share = (1 + SOFT - distanceM[k] / radius) / (2 * SOFT);
      if (rubbing) this.ink.rub(this.says.layer, vertices[k], weightOf(1 - share));
      else this.ink.lay(this.says, vertices[k], weightOf(share));
    }
    keep(this.measured.dabMs, performance.now() - started);
    return hit.nearest;
  }

  // --- Signs on the skin ---------------------------------------------------------------------------------------------

  private pins: { vertex: number; element: HTMLElement }[] = [];

  /** One sign where it began and one where it moves to, in the middle of that ink. */
  private pin(): void {
    for (const { element } of this.pins) element.remove();
    this.pins = [];
    for (const coat of this.ink.coats()) {
      for (const kind of ["began", "moves"] as const) {
        const template = coat.says[kind] && this.querySelector<HTMLTemplateElement>(`template[data-pin="${kind}"]`);
        if (!template) continue;
        const element = template.content.firstElementChild?.cloneNode(true) as HTMLElement;
        this.append(element);
        this.pins.push({ vertex: this.middleOf(coat), element });
      }
    }
    this.stage.draw();
  }

  private middleOf({ vertices, weights }: Coat): number {
    const p = this.surface.positions;
    const middle = [0, 0, 0];
    let total = 0;
    vertices.forEach((vertex, k) => {
      total += weights[k];
      for (let axis = 0; axis < 3; axis += 1) middle[axis] += weights[k] * p[3 * vertex + axis];
    });
    const far = (v: number): number => Math.hypot(...middle.map((sum, axis) => p[3 * v + axis] - sum / total));
    return vertices.reduce((best, vertex) => (far(vertex) < far(best) ? vertex : best), vertices[0]);
  }

  private placePins(): void {
    for (const { vertex, element } of this.pins) {
      const { x, y, seen } = this.stage.onScreen(vertex);
      element.hidden = !seen;
      element.style.transform = `translate(${x}px, ${y}px)`;
    }
  }

  private tell(name: string, detail: object = {}): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: name === "change" }));
  }
}

async function loaded(url: string): Promise<ArrayBuffer> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} could not be loaded (${answer.status}).`);
  return answer.arrayBuffer();
}

function keep(times: number[], ms: number): void {
  if (times.length < KEPT_TIMES) times.push(ms);
}
