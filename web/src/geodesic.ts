/** Distances along the skin around a point: a small Dijkstra on edges and on shortcuts across them. */

import type { Surface } from "./surface";

/** Neighbours of every vertex with the length of the way, in one flat list. */
export interface Graph {
  /** `from[i]` to `from[i + 1]` are the places of vertex i's neighbours. */
  readonly from: Uint32Array;
  readonly to: Uint16Array;
  readonly lengthM: Float32Array;
}

/** Edges, and for each edge the straight way between the two tips of its triangles where it crosses the edge. */
export function graphOf({ positions, triangles, vertexCount }: Pick<Surface, "positions" | "triangles" | "vertexCount">): Graph {
  const tips = new Map<number, number>(); // half edge -> the vertex opposite
  for (let t = 0; t < triangles.length; t += 3) {
    for (let k = 0; k < 3; k += 1) {
      tips.set(triangles[t + k] * 65536 + triangles[t + ((k + 1) % 3)], triangles[t + ((k + 2) % 3)]);
    }
  }
  const starts: number[] = [], ends: number[] = [], lengths: number[] = [];
  const degree = new Uint32Array(vertexCount + 1);
  const join = (a: number, b: number, length: number): void => {
    starts.push(a, b);
    ends.push(b, a);
    lengths.push(length, length);
    degree[a] += 1;
    degree[b] += 1;
  };
  for (const [half, c] of tips) {
    const a = Math.floor(half / 65536), b = half % 65536;
    if (a > b) continue;
    join(a, b, straight(positions, a, b));
    const d = tips.get(b * 65536 + a);
    if (d === undefined || d === c) continue;
    const across = shortcut(positions, a, b, c, d);
    if (across > 0) join(c, d, across);
  }
  const from = new Uint32Array(vertexCount + 1);
  for (let i = 0; i < vertexCount; i += 1) from[i + 1] = from[i] + degree[i];
  const next = from.slice();
  const to = new Uint16Array(starts.length);
  const lengthM = new Float32Array(starts.length);
  for (let k = 0; k < starts.length; k += 1) {
    const place = next[starts[k]];
    next[starts[k]] += 1;
    to[place] = ends[k];
    lengthM[place] = lengths[k];
  }
  return { from, to, lengthM };
}

function straight(p: Float32Array, a: number, b: number): number {
  return Math.hypot(p[3 * a] - p[3 * b], p[3 * a + 1] - p[3 * b + 1], p[3 * a + 2] - p[3 * b + 2]);
}

/** Distance of c and d with both triangles laid into one plane; 0 when the straight way misses the shared edge a-b. */
function shortcut(p: Float32Array, a: number, b: number, c: number, d: number): number {
  const length = straight(p, a, b);
  const [ac, bc, ad, bd] = [straight(p, a, c), straight(p, b, c), straight(p, a, d), straight(p, b, d)];
  const along = (near: number, far: number): number => (near * near - far * far + length * length) / (2 * length);
  const [xc, xd] = [along(ac, bc), along(ad, bd)];
  const [yc, yd] = [Math.sqrt(Math.max(0, ac * ac - xc * xc)), Math.sqrt(Math.max(0, ad * ad - xd * xd))];
  const crossing = xc + ((xd - xc) * yc) / (yc + yd);
  return crossing > 0 && crossing < length ? Math.hypot(xc - xd, yc + yd) : 0;
}

/** What a dab reaches. Valid until the next call of `around`. */
export interface Reach {
  readonly count: number;
  readonly vertices: Uint16Array;
  readonly distanceM: Float32Array;
}

/** Finds what lies within a radius along the skin. Holds its scratch memory, so that a dab allocates nothing. */
export class Spread {
  private readonly best: Float32Array;
  private readonly reached: Uint16Array;
  private readonly heapAt: Float32Array;
  private readonly heap: Uint16Array;
  private heapSize = 0;

  constructor(private readonly graph: Graph, vertexCount: number) {
    this.best = new Float32Array(vertexCount).fill(Infinity);
    this.reached = new Uint16Array(vertexCount);
    this.heapAt = new Float32Array(graph.to.length + 3);
    this.heap = new Uint16Array(graph.to.length + 3);
  }

  /** Every vertex within `radiusM` of a point, given by the corners of its triangle and how far each is. */
  around(corners: readonly number[], cornerM: readonly number[], radiusM: number): Reach {
    const { from, to, lengthM } = this.graph;
    const { best, reached } = this;
    let count = 0;
    const see = (vertex: number, distance: number): void => {
      if (best[vertex] === Infinity) {
        reached[count] = vertex;
        count += 1;
      }
      best[vertex] = distance;
      this.push(distance, vertex);
    };
    corners.forEach((vertex, k) => cornerM[k] < best[vertex] && see(vertex, Math.fround(cornerM[k])));
    while (this.heapSize > 0) {
      const distance = this.heapAt[0];
      const vertex = this.pop();
      if (distance > best[vertex]) continue;
      for (let k = from[vertex]; k < from[vertex + 1]; k += 1) {
        const through = Math.fround(distance + lengthM[k]);
        if (through < radiusM && through < best[to[k]]) see(to[k], through);
      }
    }
    const distanceM = new Float32Array(count);
    for (let k = 0; k < count; k += 1) {
      distanceM[k] = best[reached[k]];
      best[reached[k]] = Infinity;
    }
    return { count, vertices: reached, distanceM };
  }

  private push(at: number, vertex: number): void {
    let place = this.heapSize;
    this.heapSize += 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.heapAt[parent] <= at) break;
      this.heapAt[place] = this.heapAt[parent];
      this.heap[place] = this.heap[parent];
      place = parent;
    }
    this.heapAt[place] = at;
    this.heap[place] = vertex;
  }

  private pop(): number {
    const top = this.heap[0];
    this.heapSize -= 1;
    const at = this.heapAt[this.heapSize];
    const vertex = this.heap[this.heapSize];
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.heapSize) break;
      if (child + 1 < this.heapSize && this.heapAt[child + 1] < this.heapAt[child]) child += 1;
      if (this.heapAt[child] >= at) break;
      this.heapAt[place] = this.heapAt[child];
      this.heap[place] = this.heap[child];
      place = child;
    }
    this.heapAt[place] = at;
    this.heap[place] = vertex;
    return top;
  }
}
