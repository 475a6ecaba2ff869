/** How figure and ink look: linen in two shade steps with an ink contour; pain is a wash, the other layers are marks. */

import { BackSide, DoubleSide, ShaderMaterial, Vector2, Vector3 } from "three";

/** Colours of the theme, by the names of tokens.css; one uniform each. */
const COLOURS = {
  figure: "--figure",
  line: "--figure-line",
  shade: "--figure-shade",
  ink: "--ink",
  pain: "--pain",
  numb: "--numbness",
  tingling: "--tingling",
  touch: "--allodynia",
} as const;

const VERTEX = /* glsl */ `
attribute vec4 ink;
attribute vec4 strength;
varying vec4 vInk;
varying vec4 vStrength;
varying vec3 vNormal;
varying vec3 vToEye;
void main() {
  vInk = ink;
  vStrength = strength;
  vec4 seen = modelViewMatrix * vec4(position, 1.0);
  vNormal = normalMatrix * normal;
  vToEye = -seen.xyz;
  gl_Position = projectionMatrix * seen;
}`;

const FRAGMENT = /* glsl */ `
uniform vec3 figure, line, shade, ink, pain, numb, tingling, touch;
uniform float shadeStrength, pixel, cutAt;
varying vec4 vInk;
varying vec4 vStrength;
varying vec3 vNormal;
varying vec3 vToEye;
const float EDGE = 0.27;
const float SOFT_END_M = 0.05;
float on(float share) { float soft = max(fwidth(share), 0.004) * 0.7; return smoothstep(EDGE - soft, EDGE + soft, share); }
float rim(float share) { return 1.0 - smoothstep(0.6, 1.8, abs(share - EDGE) / max(fwidth(share), 0.004)); }
vec2 cell(vec2 at, vec2 size) { return mod(at, size) - size * 0.5; }
float thin(float far, float half_px) { return 1.0 - smoothstep(half_px - 0.5, half_px + 0.5, far); }
float dashes(vec2 at) {
  vec2 size = vec2(15.0, 8.0);
  at.x += 7.5 * mod(floor(at.y / size.y), 2.0);
  vec2 p = abs(cell(at, size));
  return thin(max(p.x - 4.5, p.y), 1.4);
}
float rings(vec2 at) {
  at.x += 5.5 * mod(floor(at.y / 11.0), 2.0);
  return thin(abs(length(cell(at, vec2(11.0))) - 3.0), 1.0);
}
float crosses(vec2 at) {
  vec2 p = abs(cell(at, vec2(13.0)));
  return thin(abs(p.x - p.y) * 0.7071, 1.1) * thin(max(p.x, p.y), 3.8);
}
void mark(inout vec3 colour, vec3 own, float share, float step, float signs) {
  float here = on(share);
  float strong = clamp(step / max(share, 0.01), 0.33, 1.0);
  colour = mix(colour, own, here * mix(0.10, 0.26, strong));
  colour = mix(colour, own, here * signs * mix(0.6, 1.0, strong));
}
void main() {
  vec3 n = normalize(vNormal);
  vec3 eye = normalize(vToEye);
  if (!gl_FrontFacing) { gl_FragColor = cutAt > 0.0 ? vec4(0.0) : vec4(mix(figure, shade, 0.55), 1.0); return; }
  float light = dot(n, normalize(vec3(-0.35, 0.55, 0.76)));
  float facing = max(dot(n, eye), 0.0);
  float tone = (1.0 - smoothstep(0.42, 0.50, light)) * 0.5 + (1.0 - smoothstep(0.02, 0.10, light)) * 0.5;
  tone = mix(tone, 1.0 - smoothstep(-0.2, 0.9, light), 0.45);
  vec3 colour = mix(figure, shade, tone * shadeStrength * 1.5);
  vec2 at = gl_FragCoord.xy / pixel;
  float painStrong = clamp(vStrength.x / max(vInk.x, 0.01), 0.33, 1.0);
  colour = mix(colour, pain, on(vInk.x) * mix(0.22, 0.92, (painStrong - 0.33) / 0.67));
  mark(colour, numb, vInk.y, vStrength.y, dashes(at));
  mark(colour, tingling, vInk.z, vStrength.z, rings(at));
  mark(colour, touch, vInk.w, vStrength.w, crosses(at));
  float edge = max(max(rim(vInk.x) * step(0.02, vInk.x), rim(vInk.y) * step(0.02, vInk.y)),
    max(rim(vInk.z) * step(0.02, vInk.z), rim(vInk.w) * step(0.02, vInk.w)));
  colour = mix(colour, ink, edge * 0.55);
  colour = mix(line, colour, smoothstep(0.02, 0.24, facing));
  // Where the figure is cut open it ends softly in the page, so that nobody looks into it; the rims of folds behind the
  // cut are let go with it. Premultiplied.
  float cut = smoothstep(0.0, SOFT_END_M, vToEye.z - cutAt) * smoothstep(0.0, 0.12, facing);
  float alpha = cutAt > 0.0 ? cut : 1.0;
  gl_FragColor = vec4(colour * alpha, alpha);
}`;

/** "#9A2A12" or "rgb(154 42 18)" as three shares of 1; the colour stays in the screen's own space. */
export function colourOf(css: string): [number, number, number] {
  const hex = /^#([0-9a-f]{6})$/i.exec(css.trim());
  if (hex) return [0, 2, 4].map((k) => parseInt(hex[1].slice(k, k + 2), 16) / 255) as [number, number, number];
  const numbers = css.match(/[\d.]+/g)?.map(Number) ?? [];
  return numbers.length >= 3 ? [numbers[0] / 255, numbers[1] / 255, numbers[2] / 255] : [0.5, 0.5, 0.5];
}

export function skin(): ShaderMaterial {
  const uniforms: Record<string, { value: unknown }> = { shadeStrength: { value: 0.2 }, pixel: { value: 1 }, cutAt: { value: -1 } };
  for (const name of Object.keys(COLOURS)) uniforms[name] = { value: new Vector3() };
  return new ShaderMaterial({ uniforms, vertexShader: VERTEX, fragmentShader: FRAGMENT, side: DoubleSide });
}

const OUTLINE_VERTEX = /* glsl */ `
uniform vec2 box;
uniform float wide;
void main() {
  vec4 seen = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  vec2 out_ = (projectionMatrix * vec4(normalMatrix * normal, 0.0)).xy * box;
  seen.xy += normalize(out_ + 1e-6) * wide * 2.0 / box * seen.w;
  gl_Position = seen;
}`;

/** The contour: the far side of the figure, a little wider than the figure, in the colour of the plate's line. */
export function outline(): ShaderMaterial {
  const uniforms = { line: { value: new Vector3() }, box: { value: new Vector2(1, 1) }, wide: { value: 1.1 } };
  const fragmentShader = "uniform vec3 line; void main() { gl_FragColor = vec4(line, 1.0); }";
  return new ShaderMaterial({ uniforms, vertexShader: OUTLINE_VERTEX, fragmentShader, side: BackSide });
}

/** Take the colours of the theme that the element stands in. */
export function dress(material: ShaderMaterial, element: Element): void {
  const style = getComputedStyle(element);
  for (const [name, token] of Object.entries(COLOURS)) {
    if (!material.uniforms[name]) continue;
    (material.uniforms[name].value as Vector3).set(...colourOf(style.getPropertyValue(token)));
  }
  if (material.uniforms.shadeStrength) material.uniforms.shadeStrength.value = Number(style.getPropertyValue("--shade-strength")) || 0.2;
}
