/** The committed body, and a small brush on it, for tests. */

import { readFileSync } from "node:fs";

import { Spread, graphOf } from "../src/geodesic";
import { Ink, type Says, weightOf } from "../src/ink";
import { readSurface } from "../src/surface";

const islands = new URL("../../src/tautband/clinic/project/static/islands/", import.meta.url);
const data = new URL("../../src/tautband/surface/data/", import.meta.url);

function bytes(name: string): ArrayBuffer {
  const file = readFileSync(new URL(name, islands));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
}

interface ZoneRow {
  readonly id: string;
  readonly side: string;
  readonly area_cm2: number;
}

export const surface = readSurface(bytes("body-1.bin"));
const rows = (JSON.parse(readFileSync(new URL("zones.json", data), "utf8")) as { zones: ZoneRow[] }).zones;
export const zones = { names: rows.map((row) => `${row.id}/${row.side}`), areaCm2: rows.map((row) => row.area_cm2) };
const landmarks = (JSON.parse(readFileSync(new URL("landmarks.json", data), "utf8")) as { landmarks: Record<string, Record<string, number>> }).landmarks;
export const landmark = (name: string, side: string): number => landmarks[name][side];
export const graph = graphOf(surface);
export const spread = new Spread(graph, surface.vertexCount);
export const ACHE: Says = { layer: "pain", intensity: 6, quality: ["ache"], depth: "deep", began: true, moves: false };
export const newInk = (): Ink => new Ink(surface, zones);

/** One touch of the brush at a vertex. */
export function dab(ink: Ink, says: Says, vertex: number, radiusM: number): void {
  const { count, vertices, distanceM } = spread.around([vertex], [0], radiusM * 1.28);
  for (let k = 0; k < count; k += 1) ink.lay(says, vertices[k], weightOf((1.28 - distanceM[k] / radiusM) / 0.56));
}
