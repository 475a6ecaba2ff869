/** Where the camera stands: four sides of the whole body, and close-ups framed by points of the skin. */

export interface View {
  /** What the camera looks at, in metres. */
  readonly target: readonly [number, number, number];
  /** Turned around the upright axis; 0 looks at the front, 90 at the body's left. */
  readonly azimuthDeg: number;
  readonly elevationDeg: number;
  /** Half of the height and width that must be seen, in metres. */
  readonly halfHeightM: number;
  readonly halfWidthM: number;
  /** Skin nearer to the camera than this before the target is cut away; Infinity cuts nothing. */
  readonly cutM: number;
  /** Skin farther behind the target than this is left out. */
  readonly deepM: number;
}

/** A close-up as the page gives it. */
export interface CloseUp {
  readonly key: string;
  readonly vertices: readonly number[];
  readonly marginM: number;
  readonly azimuthDeg: number;
  readonly elevationDeg: number;
  readonly cutM?: number;
  readonly deepM?: number;
}

export const SIDE_AZIMUTH_DEG: Readonly<Record<string, number>> = { front: 0, left: 90, back: 180, right: -90 };
export const FIELD_OF_VIEW_DEG = 24;
const WHOLE_MARGIN_M = 0.04;

/** The whole body of this figure, seen from one side. */
export function wholeBody(positions: Float32Array, azimuthDeg: number): View {
  const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
  for (let i = 0; i < positions.length; i += 3) {
    for (const axis of [0, 1] as const) {
      low[axis] = Math.min(low[axis], positions[i + axis]);
      high[axis] = Math.max(high[axis], positions[i + axis]);
    }
  }
  return {
    target: [0, (low[1] + high[1]) / 2, 0],
    azimuthDeg,
    elevationDeg: 0,
    halfHeightM: (high[1] - low[1]) / 2 + WHOLE_MARGIN_M,
    halfWidthM: (high[0] - low[0]) / 2 + WHOLE_MARGIN_M,
    cutM: Infinity,
    deepM: 4,
  };
}

/** A close-up on this figure: the points of the skin are ids, so it finds the place on every figure. */
export function closeUp(positions: Float32Array, part: CloseUp): View {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  for (const vertex of part.vertices) {
    for (let axis = 0; axis < 3; axis += 1) {
      low[axis] = Math.min(low[axis], positions[3 * vertex + axis]);
      high[axis] = Math.max(high[axis], positions[3 * vertex + axis]);
    }
  }
  const half = low.map((value, axis) => (high[axis] - value) / 2);
  const centre = low.map((value, axis) => (high[axis] + value) / 2) as [number, number, number];
  const across = Math.hypot(half[0], half[2]);
  const upright = Math.abs(Math.cos(rad(part.elevationDeg)));
  return {
    target: centre,
    azimuthDeg: part.azimuthDeg,
    elevationDeg: part.elevationDeg,
    halfHeightM: half[1] * upright + half[2] * (1 - upright) + part.marginM,
    halfWidthM: across + part.marginM,
    cutM: part.cutM ?? Infinity,
    deepM: part.deepM ?? 4,
  };
}

export const rad = (degrees: number): number => (degrees * Math.PI) / 180;

/** How far the camera stands away so that all of it fits, on a stage of this shape (width / height). */
export function distanceM(view: View, aspect: number): number {
  const half = Math.max(view.halfHeightM, view.halfWidthM / aspect);
  return half / Math.tan(rad(FIELD_OF_VIEW_DEG / 2)) + Math.min(0.15, view.halfWidthM);
}

/** Which words stand at the edges of the stage: always the person's own sides, never mirrored. */
export function sideWords(azimuthDeg: number): { start: "left" | "right"; end: "left" | "right" | null } {
  const turn = rad(azimuthDeg);
  if (Math.abs(Math.cos(turn)) < 0.42) return { start: Math.sin(turn) > 0 ? "left" : "right", end: null };
  return Math.cos(turn) > 0 ? { start: "right", end: "left" } : { start: "left", end: "right" };
}

/** Radius of the brush on the skin: a fingertip on the screen, but never finer than a pea or broader than a palm. */
export function brushRadiusM(metresPerPx: number, size: number): number {
  return Math.min(0.036, Math.max(0.0045, 13 * metresPerPx)) * size;
}
