import { expect, test } from "vitest";

import { graph, landmark, spread, surface } from "./body";

const at = (vertex: number): number[] => [...surface.positions.subarray(3 * vertex, 3 * vertex + 3)];
const straight = (a: number, b: number): number => Math.hypot(...at(a).map((x, k) => x - at(b)[k]));

test("the body is whole: closed, mirrored, as large as an adult", () => {
  expect(surface.triangles.length / 3).toBe(2 * surface.vertexCount - 4);
  expect(surface.mirror.every((other, v) => surface.mirror[other] === v)).toBe(true);
  const areaM2 = surface.areaCm2.reduce((sum, area, v) => sum + (surface.visible[v] ? area : 0), 0) / 1e4;
  expect(areaM2).toBeGreaterThan(1.6);
  expect(areaM2).toBeLessThan(1.9);
  const heel = landmark("heel", "left"), heelRight = landmark("heel", "right");
  expect(at(heel)[0]).toBeCloseTo(-at(heelRight)[0], 4);
});

test("a short way is nearly straight and never shorter", () => {
  const centre = landmark("l3", "midline");
  const { count, vertices, distanceM } = spread.around([centre], [0], 0.05);
  expect(count).toBeGreaterThan(20);
  for (let k = 0; k < count; k += 1) {
    const direct = straight(centre, vertices[k]);
    expect(distanceM[k]).toBeGreaterThanOrEqual(direct - 1e-6);
    expect(distanceM[k]).toBeLessThan(direct * 1.12 + 1e-4);
  }
});

test("every vertex within reach is found once, none beyond, and the scratch memory is clean afterwards", () => {
  const centre = landmark("palm", "right");
  const first = [...spread.around([centre], [0], 0.03).vertices.slice(0, spread.around([centre], [0], 0.03).count)];
  expect(new Set(first).size).toBe(first.length);
  const slow = new Map<number, number>([[centre, 0]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [v, d] of [...slow]) {
      for (let k = graph.from[v]; k < graph.from[v + 1]; k += 1) {
        const through = d + graph.lengthM[k];
        if (through < 0.03 && through < (slow.get(graph.to[k]) ?? Infinity) - 1e-9) {
          slow.set(graph.to[k], through);
          changed = true;
        }
      }
    }
  }
  expect(first.sort((a, b) => a - b)).toEqual([...slow.keys()].sort((a, b) => a - b));
});

test("ink never jumps from the arm to the trunk or from thigh to thigh", () => {
  const armpit = landmark("arm_medial", "right");
  const reached = spread.around([armpit], [0], 0.06);
  const chest = landmark("chest_side", "right");
  expect([...reached.vertices.slice(0, reached.count)]).not.toContain(chest);
  const thigh = landmark("thigh_medial", "left");
  const near = spread.around([thigh], [0], 0.08);
  for (let k = 0; k < near.count; k += 1) expect(surface.positions[3 * near.vertices[k]]).toBeGreaterThan(0);
});
