/** The body as the painter needs it: positions, triangles, zones, mirror, neighbours. Made by tools/build_painter_body.py. */

export interface Surface {
  readonly vertexCount: number;
  /** x, y, z of each vertex in metres; x to the body's left, y up, z forward. */
  readonly positions: Float32Array;
  /** Vertex ids, three a triangle. */
  readonly triangles: Uint16Array;
  /** Zone number of each vertex, the place in the page's list of zones. */
  readonly zone: Uint16Array;
  /** The same place on the other side. */
  readonly mirror: Uint16Array;
  /** SKIN where it is seen; 2 for the teeth, which no brush reaches and zones fill; 0 for what cannot be marked. */
  readonly visible: Uint8Array;
  /** Skin that belongs to each vertex. Of the standard figure, whatever figure is shown. */
  readonly areaCm2: Float32Array;
}

export const SKIN = 1;

export class BadSurface extends Error {}

/** Undo the folding: differences modulo 65536, zigzag, low bytes before high bytes. */
export function unfold(bytes: Uint8Array, count: number): Uint16Array {
  const values = new Uint16Array(count);
  let last = 0;
  for (let i = 0; i < count; i += 1) {
    const zigzag = bytes[i] | (bytes[count + i] << 8);
    last += zigzag & 1 ? -((zigzag + 1) >> 1) : zigzag >> 1;
    values[i] = last;
  }
  return values;
}

class Cursor {
  private at = 0;
  private readonly view: DataView;
  constructor(private readonly buffer: ArrayBuffer) {
    this.view = new DataView(buffer);
  }
  word(): string {
    return String.fromCharCode(...this.bytes(4));
  }
  uint32(): number {
    return this.view.getUint32((this.at += 4) - 4, true);
  }
  float32(): number {
    return this.view.getFloat32((this.at += 4) - 4, true);
  }
  bytes(count: number): Uint8Array {
    if (this.at + count > this.buffer.byteLength) throw new BadSurface("The body's file is cut off.");
    return new Uint8Array(this.buffer, (this.at += count) - count, count);
  }
  folded(count: number): Uint16Array {
    return unfold(this.bytes(2 * count), count);
  }
}

function readPositions(cursor: Cursor, count: number): Float32Array {
  const unit = cursor.float32();
  const centre = [cursor.float32(), cursor.float32(), cursor.float32()];
  const positions = new Float32Array(3 * count);
  for (let axis = 0; axis < 3; axis += 1) {
    const whole = cursor.folded(count);
    for (let i = 0; i < count; i += 1) positions[3 * i + axis] = ((whole[i] << 16) >> 16) * unit + centre[axis];
  }
  return positions;
}

/** Read `body-1.bin`. Throws BadSurface. */
export function readSurface(buffer: ArrayBuffer): Surface {
  const cursor = new Cursor(buffer);
  if (cursor.word() !== "TBB1") throw new BadSurface("This is not a body file.");
  const vertexCount = cursor.uint32();
  const triangleCount = cursor.uint32();
  const positions = readPositions(cursor, vertexCount);
  const triangles = cursor.folded(3 * triangleCount);
  const zone = cursor.folded(vertexCount);
  const mirror = cursor.folded(vertexCount);
  const visible = cursor.bytes(vertexCount);
  return { vertexCount, positions, triangles, zone, mirror, visible, areaCm2: areas(positions, triangles) };
}

/** Read `figure-NAME.bin` (see `tautband.surface.figures`): other positions for the same vertices. Throws BadSurface. */
export function readFigure(buffer: ArrayBuffer, vertexCount: number): Float32Array {
  const cursor = new Cursor(buffer);
  if (cursor.word() !== "TBP1" || cursor.uint32() !== vertexCount) throw new BadSurface("This figure belongs to another body.");
  const unit = cursor.float32();
  cursor.float32(); // reserved
  const whole = new DataView(buffer, 16, 6 * vertexCount);
  return Float32Array.from({ length: 3 * vertexCount }, (_, k) => whole.getInt16(2 * k, true) * unit);
}

/** A third of the triangles around each vertex. */
function areas(positions: Float32Array, triangles: Uint16Array): Float32Array {
  const area = new Float32Array(positions.length / 3);
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t], 3 * triangles[t + 1], 3 * triangles[t + 2]];
    const ux = positions[b] - positions[a], uy = positions[b + 1] - positions[a + 1], uz = positions[b + 2] - positions[a + 2];
    const vx = positions[c] - positions[a], vy = positions[c + 1] - positions[a + 1], vz = positions[c + 2] - positions[a + 2];
    const third = (Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 6) * 1e4;
    for (const vertex of [a, b, c]) area[vertex / 3] += third;
  }
  return area;
}
