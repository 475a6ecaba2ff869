/** The plain form of a drawing, byte for byte that of `tautband.findings.ink.encode`; the server deflates it. */

import { type Coat, DEPTHS, LAYERS } from "./ink";

const MAGIC = "TBD1";
const NO_NUMBER = 255;

export class BadInk extends Error {}

export function encode(coats: readonly Coat[], surface: string): Uint8Array {
  const out: number[] = [];
  const text = (words: string): void => {
    const bytes = new TextEncoder().encode(words);
    out.push(bytes.length, ...bytes);
  };
  const varint = (value: number): void => {
    let rest = value;
    for (; rest > 127; rest >>>= 7) out.push((rest & 127) | 128);
    out.push(rest);
  };
  out.push(...new TextEncoder().encode(MAGIC));
  text(surface);
  varint(coats.length);
  for (const { says, vertices, weights } of coats) {
    const strength = says.intensity === null ? NO_NUMBER : Math.round(says.intensity * 10);
    const flags = Number(says.began) | (Number(says.moves) << 1);
    out.push(LAYERS.indexOf(says.layer), strength, DEPTHS.indexOf(says.depth), flags, says.quality.length);
    says.quality.forEach(text);
    varint(vertices.length);
    let last = 0;
    for (const vertex of vertices) {
      varint(vertex - last);
      last = vertex;
    }
    for (const weight of weights) out.push(weight);
  }
  return Uint8Array.from(out);
}

/** Read the plain form. Throws BadInk; the server has refused anything impossible already. */
export function decode(plain: Uint8Array, surface: string): Coat[] {
  let at = 0;
  const take = (count: number): Uint8Array => {
    if (at + count > plain.length) throw new BadInk("The drawing is cut off.");
    return plain.subarray((at += count) - count, at);
  };
  const text = (): string => new TextDecoder().decode(take(take(1)[0]));
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const [byte] = take(1);
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  if (new TextDecoder().decode(take(4)) !== MAGIC) throw new BadInk("This is no drawing.");
  const made = text();
  if (made !== surface) throw new BadInk(`This drawing belongs to ${made}.`);
  return Array.from({ length: varint() }, () => {
    const [layer, strength, depth, flags, qualities] = take(5);
    const quality = Array.from({ length: qualities }, text);
    const vertices = new Uint16Array(varint());
    let last = 0;
    for (let k = 0; k < vertices.length; k += 1) vertices[k] = last += varint();
    const weights = take(vertices.length).slice();
    const intensity = strength === NO_NUMBER ? null : strength / 10;
    const says = { layer: LAYERS[layer], intensity, quality, depth: DEPTHS[depth], began: (flags & 1) > 0, moves: (flags & 2) > 0 };
    return { says, vertices, weights };
  });
}

export function toText(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_");
}

export function fromText(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}
