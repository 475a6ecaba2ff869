/**
 * The ink of a drawing: for each layer a weight and a coat at every vertex, strokes that can be undone, marks on zones
 * read from it, and ink that follows marks changed by the chart. The rules are those of `tautband.findings.ink`; a file
 * of examples that both read keeps them alike.
 */

import { SKIN, type Surface } from "./surface";

export const LAYERS = ["pain", "numb", "tingling", "touch"] as const;
export type Layer = (typeof LAYERS)[number];
export const DEPTHS = ["", "surface", "deep"] as const;
export type Depth = (typeof DEPTHS)[number];

/** What ink says of the skin it lies on. */
export interface Says {
  readonly layer: Layer;
  readonly intensity: number | null;
  readonly quality: readonly string[];
  readonly depth: Depth;
  readonly began: boolean;
  readonly moves: boolean;
}

/** Says that lie on these vertices, ids ascending. */
export interface Coat {
  readonly says: Says;
  readonly vertices: Uint16Array;
  readonly weights: Uint8Array;
}

/** A mark on a zone, as the server stores it. */
export interface Mark {
  readonly layer: Layer;
  readonly zone: string;
  readonly side: string;
  readonly intensity: number | null;
  readonly quality: readonly string[];
  readonly began_here: boolean;
  readonly depth?: Depth;
  readonly moves_here?: boolean;
}

export interface Zones {
  /** `zone.arm.proximal_lateral/left`, by zone number. */
  readonly names: readonly string[];
  readonly areaCm2: readonly number[];
}

export const SEEN = 64;
export const LEAST_SHARE = 0.12;
export const LEAST_CM2 = 4.0;
const UNDO_STEPS = 100;
const STEPS = 15; // weights go in fifteen steps, which packs well and is finer than the eye

/** A weight 0..1 as it is stored. */
export const weightOf = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * STEPS) * 17;

interface Diff {
  /** layer * vertexCount + vertex, with what was there before and what is there now. */
  readonly places: Uint32Array;
  readonly before: Uint16Array;
  readonly after: Uint16Array;
}

export const sameSays = (a: Says, b: Says): boolean => keyOfSays(a) === keyOfSays(b);
const keyOfSays = (s: Says): string => [s.layer, s.intensity, s.depth, s.began, s.moves, ...s.quality].join("|");
const tenths = (n: number | null | undefined): number | null => (n === null || n === undefined ? null : Math.round(n * 10) / 10);

export function saysOf(mark: Mark): Says {
  return {
    layer: mark.layer,
    intensity: tenths(mark.intensity),
    quality: mark.quality,
    depth: mark.depth ?? "",
    began: mark.began_here,
    moves: mark.moves_here ?? false,
  };
}

export class Ink {
  /** Each place: weight in the low byte, coat number + 1 in the high one; 0 is bare skin. */
  private readonly cells: Uint16Array;
  private readonly n: number;
  private said: Says[] = [];
  private lastSays: Says | null = null;
  private lastNumber = 0;
  private open: Map<number, number> | null = null;
  private past: Diff[] = [];
  private future: Diff[] = [];
  /** Places that changed since `takeDirty`. */
  private dirty = new Set<number>();

  constructor(private readonly surface: Surface, private readonly zones: Zones) {
    this.n = surface.vertexCount;
    this.cells = new Uint16Array(LAYERS.length * this.n);
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }
  get canRedo(): boolean {
    return this.future.length > 0;
  }
  get isEmpty(): boolean {
    return !this.cells.some((cell) => cell !== 0);
  }

  weight(layer: number, vertex: number): number {
    return this.cells[layer * this.n + vertex] & 255;
  }
  saysAt(layer: number, vertex: number): Says | null {
    const coat = this.cells[layer * this.n + vertex] >> 8;
    return coat ? this.said[coat - 1] : null;
  }

  // --- Strokes -------------------------------------------------------------------------------------------------------

  /** Everything until `end` is one step that can be undone. */
  begin(): void {
    this.open ??= new Map();
  }

  /** Close the step; false when nothing changed. */
  end(): boolean {
    const step = this.open;
    this.open = null;
    const changed = step ? [...step].filter(([place, old]) => this.cells[place] !== old) : [];
    if (!changed.length) return false;
    this.past.push({
      places: Uint32Array.from(changed, ([place]) => place),
      before: Uint16Array.from(changed, ([, old]) => old),
      after: Uint16Array.from(changed, ([place]) => this.cells[place]),
    });
    if (this.past.length > UNDO_STEPS) this.past.shift();
    this.future = [];
    return true;
  }

  private put(place: number, cell: number): void {
    const old = this.cells[place];
    if (old === cell) return;
    if (this.open && !this.open.has(place)) this.open.set(place, old);
    this.cells[place] = cell;
    this.dirty.add(place);
  }

  /** Lay ink: the stronger weight stays, the newest statement counts where the brush is on. */
  lay(says: Says, vertex: number, weight: number): void {
    if (!weight || this.surface.visible[vertex] !== SKIN) return;
    const place = LAYERS.indexOf(says.layer) * this.n + vertex;
    const old = this.cells[place] & 255;
    const coat = this.number(says);
    const theirs = this.cells[place] >> 8;
    if (theirs && theirs !== coat && weight < SEEN) return; // the soft edge takes nothing from another statement
    this.put(place, (coat << 8) | Math.max(old, weight));
  }

  /** Rub out: at most `left` of the weight stays. */
  rub(layer: Layer, vertex: number, left: number): void {
    if (this.surface.visible[vertex] !== SKIN) return;
    const place = LAYERS.indexOf(layer) * this.n + vertex;
    const cell = this.cells[place];
    if ((cell & 255) <= left) return;
    this.put(place, left ? (cell & 0xff00) | left : 0);
  }

  clear(layer: Layer): void {
    const start = LAYERS.indexOf(layer) * this.n;
    for (let place = start; place < start + this.n; place += 1) this.put(place, 0);
  }

  /** Say something else of all ink of the layer; its shape stays. */
  restate(says: Says): void {
    const start = LAYERS.indexOf(says.layer) * this.n;
    const coat = this.number(says) << 8;
    for (let place = start; place < start + this.n; place += 1) {
      if (this.cells[place]) this.put(place, coat | (this.cells[place] & 255));
    }
  }

  /** Copy the ink of one layer to the other side; what is there stays where it is stronger. */
  mirror(layer: Layer): void {
    const start = LAYERS.indexOf(layer) * this.n;
    const was = this.cells.slice(start, start + this.n);
    for (let vertex = 0; vertex < this.n; vertex += 1) {
      const other = was[this.surface.mirror[vertex]];
      if ((other & 255) > (was[vertex] & 255)) this.put(start + vertex, other);
    }
  }

  undo(): boolean {
    return this.turn(this.past, this.future, "before");
  }
  redo(): boolean {
    return this.turn(this.future, this.past, "after");
  }
  private turn(from: Diff[], to: Diff[], state: "before" | "after"): boolean {
    this.end();
    const diff = from.pop();
    if (!diff) return false;
    diff.places.forEach((place, k) => this.put(place, diff[state][k]));
    to.push(diff);
    return true;
  }

  /** Vertices that changed since the last call. */
  takeDirty(): ReadonlySet<number> {
    const vertices = new Set<number>();
    for (const place of this.dirty) vertices.add(place % this.n);
    this.dirty = new Set();
    return vertices;
  }

  private number(says: Says): number {
    if (says === this.lastSays) return this.lastNumber; // a brush says the same at every vertex
    let found = this.said.findIndex((each) => sameSays(each, says));
    if (found < 0) {
      if (this.said.length >= 250) this.tidy();
      found = this.said.push(says) - 1;
    }
    this.lastSays = says;
    this.lastNumber = found + 1;
    return this.lastNumber;
  }

  /** Forget statements that nothing wears. The steps of undo name coats by number, so they go too. */
  private tidy(): void {
    const coats = this.coats();
    this.lastSays = null;
    this.said = [];
    this.past = [];
    this.future = [];
    this.open &&= new Map();
    for (const coat of coats) {
      const number = this.said.push(coat.says);
      const start = LAYERS.indexOf(coat.says.layer) * this.n;
      coat.vertices.forEach((vertex, k) => (this.cells[start + vertex] = (number << 8) | coat.weights[k]));
    }
  }

  // --- As a value ----------------------------------------------------------------------------------------------------

  coats(): Coat[] {
    const found = this.said.map(() => ({ vertices: [] as number[], weights: [] as number[] }));
    for (let place = 0; place < this.cells.length; place += 1) {
      const cell = this.cells[place];
      if (!(cell & 255)) continue;
      const coat = found[(cell >> 8) - 1];
      coat.vertices.push(place % this.n);
      coat.weights.push(cell & 255);
    }
    return found.flatMap(({ vertices, weights }, k) =>
      vertices.length ? [{ says: this.said[k], vertices: Uint16Array.from(vertices), weights: Uint8Array.from(weights) }] : [],
    );
  }

  /** Lay whole coats, as one part of the step that is open. */
  add(coats: readonly Coat[], onTop: boolean): void {
    for (const { says, vertices, weights } of coats) {
      const start = LAYERS.indexOf(says.layer) * this.n;
      const number = this.number(says);
      vertices.forEach((vertex, k) => {
        if (onTop || !this.cells[start + vertex]) this.put(start + vertex, (number << 8) | weights[k]);
      });
    }
  }

  marks(): Mark[] {
    return [...this.read().values()];
  }

  /** Take over marks that chart or list changed; the ink of zones that did not change stays as it was painted. */
  follow(marks: readonly Mark[]): void {
    const wanted = new Map(marks.map((mark) => [keyOf(mark), mark]));
    const now = this.read();
    const numbers = new Map(this.zones.names.map((name, k) => [name, k]));
    const zoneOf = (mark: Mark): number => numbers.get(`${mark.zone}/${mark.side}`) ?? -1;
    for (const [key, mark] of now) if (!wanted.has(key)) this.wipe(mark.layer, zoneOf(mark));
    for (const [key, mark] of wanted) {
      const had = now.get(key);
      if (!had) {
        this.wipe(mark.layer, zoneOf(mark));
        this.fill(saysOf(mark), zoneOf(mark));
      } else if (!sameSays(saysOf(had), saysOf(mark))) {
        this.recoat(saysOf(mark), zoneOf(mark));
      }
    }
    for (const layer of LAYERS) if (!marks.some((mark) => mark.layer === layer)) this.clear(layer);
    for (;;) {
      const edges = [...this.read()].filter(([key]) => !wanted.has(key));
      if (!edges.length) return;
      for (const [, mark] of edges) this.wipe(mark.layer, zoneOf(mark));
    }
  }

  private wipe(layer: Layer, zone: number): void {
    this.each(layer, zone, (place) => this.put(place, 0));
  }
  private fill(says: Says, zone: number): void {
    const coat = this.number(says) << 8;
    this.each(says.layer, zone, (place, vertex) => this.surface.visible[vertex] && this.put(place, coat | 255));
  }
  private recoat(says: Says, zone: number): void {
    const coat = this.number(says) << 8;
    this.each(says.layer, zone, (place) => this.cells[place] && this.put(place, coat | (this.cells[place] & 255)));
  }
  private each(layer: Layer, zone: number, act: (place: number, vertex: number) => void): void {
    const start = LAYERS.indexOf(layer) * this.n;
    for (let vertex = 0; vertex < this.n; vertex += 1) if (this.surface.zone[vertex] === zone) act(start + vertex, vertex);
  }

  private read(): Map<string, Mark> {
    const found = new Map<string, Mark>();
    const all = this.coats();
    for (const layer of LAYERS) {
      const coats = all.filter((coat) => coat.says.layer === layer);
      if (coats.length) for (const mark of this.readLayer(layer, coats)) found.set(keyOf(mark), mark);
    }
    return found;
  }

  private readLayer(layer: Layer, coats: readonly Coat[]): Mark[] {
    const { zone, visible, areaCm2 } = this.surface;
    const size = this.zones.areaCm2;
    const painted = coats.map(({ vertices, weights }) => {
      const sums = new Float64Array(size.length);
      const isSeen = (vertex: number, k: number): boolean => weights[k] >= SEEN && visible[vertex] > 0;
      const some = vertices.some(isSeen);
      vertices.forEach((vertex, k) => (!some || isSeen(vertex, k)) && (sums[zone[vertex]] += areaCm2[vertex]));
      return sums;
    });
    const total = size.map((_, z) => painted.reduce((sum, row) => sum + row[z], 0));
    const marked = total.map((cm2, z) => cm2 >= LEAST_SHARE * size[z] || cm2 >= LEAST_CM2);
    for (const row of painted) {
      if (row.some((cm2) => cm2 > 0) && !row.some((cm2, z) => cm2 > 0 && marked[z])) {
        marked[row.indexOf(Math.max(...row))] = true; // no ink without a mark
      }
    }
    return marked.flatMap((yes, z) => {
      if (!yes || !total[z]) return [];
      const there = coats
        .map((coat, k) => ({ says: coat.says, cm2: painted[k][z] }))
        .filter(({ cm2 }) => cm2 > 0)
        .sort((a, b) => b.cm2 - a.cm2)
        .map(({ says }) => says);
      const [place, side] = this.zones.names[z].split("/");
      const mark: Mark = {
        zone: place,
        side,
        layer,
        intensity: there[0].intensity,
        quality: [...new Set(there.flatMap((says) => says.quality))],
        began_here: there.some((says) => says.began),
        ...(there[0].depth ? { depth: there[0].depth } : {}),
        ...(there.some((says) => says.moves) ? { moves_here: true } : {}),
      };
      return [mark];
    });
  }
}

export const keyOf = (mark: Pick<Mark, "layer" | "zone" | "side">): string => `${mark.layer}|${mark.zone}|${mark.side}`;
