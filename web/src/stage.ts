/** The figure on its stage: what is drawn, from where, and which bit of skin lies under a point of the screen. */

import {
  BufferAttribute,
  BufferGeometry,
  DynamicDrawUsage,
  type Face,
  FrontSide,
  Mesh,
  PerspectiveCamera,
  Ray,
  Scene,
  type ShaderMaterial,
  Vector3,
  WebGLRenderer,
} from "three";
import { MeshBVH } from "three-mesh-bvh";

import type { Graph } from "./geodesic";
import { type Ink, LAYERS } from "./ink";
import { dress, outline, skin } from "./shading";
import type { Surface } from "./surface";
import { FIELD_OF_VIEW_DEG, type View, distanceM, rad } from "./views";

export interface Hit {
  readonly corners: readonly [number, number, number];
  readonly cornerM: readonly [number, number, number];
  readonly nearest: number;
}

export class Stage {
  readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(FIELD_OF_VIEW_DEG, 1, 0.05, 20);
  private readonly geometry = new BufferGeometry();
  private readonly material: ShaderMaterial = skin();
  private readonly contour: ShaderMaterial = outline();
  private readonly contourMesh: Mesh;
  private readonly inkShown: BufferAttribute;
  private readonly strengthShown: BufferAttribute;
  private tree: MeshBVH | null = null;
  private waiting = 0;
  private positions: Float32Array;
  view: View;
  zoom = 1;
  /** Called after each frame with the milliseconds of this thread it took. */
  onFrame: (ms: number) => void = () => undefined;

  constructor(private readonly canvas: HTMLCanvasElement, surface: Surface, private readonly graph: Graph, positions: Float32Array, view: View) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true, powerPreference: "low-power" });
    this.renderer.setClearColor(0, 0);
    this.view = view;
    this.positions = positions;
    this.geometry.setAttribute("position", new BufferAttribute(positions.slice(), 3));
    this.geometry.setIndex(new BufferAttribute(surface.triangles, 1));
    this.geometry.computeVertexNormals();
    this.inkShown = new BufferAttribute(new Uint8Array(4 * surface.vertexCount), 4, true).setUsage(DynamicDrawUsage);
    this.strengthShown = new BufferAttribute(new Uint8Array(4 * surface.vertexCount), 4, true).setUsage(DynamicDrawUsage);
    this.geometry.setAttribute("ink", this.inkShown);
    this.geometry.setAttribute("strength", this.strengthShown);
    const mesh = new Mesh(this.geometry, this.material);
    mesh.frustumCulled = false;
    this.contourMesh = new Mesh(this.geometry, this.contour);
    this.contourMesh.frustumCulled = false;
    this.scene.add(mesh, this.contourMesh);
    this.dress();
  }

  /** Show other positions for the same vertices; ink and ids are untouched. */
  setFigure(positions: Float32Array): void {
    this.positions = positions;
    this.geometry.setAttribute("position", new BufferAttribute(positions.slice(), 3));
    this.geometry.computeVertexNormals();
    this.tree = null;
    this.draw();
  }

  dress(): void {
    dress(this.material, this.canvas);
    dress(this.contour, this.canvas);
    this.draw();
  }

  /** Fit the drawing to the size of its box. False while the box has none. */
  resize(): boolean {
    const { width, height } = this.canvas.getBoundingClientRect();
    if (!width || !height) return false;
    const pixel = Math.min(devicePixelRatio, 2);
    this.renderer.setPixelRatio(pixel);
    this.renderer.setSize(width, height, false);
    this.material.uniforms.pixel.value = pixel;
    this.contour.uniforms.box.value.set(width, height);
    this.camera.aspect = width / height;
    this.place();
    return true;
  }

  /** Put the camera where the view says, and draw. */
  place(): void {
    const { azimuthDeg, elevationDeg, target, cutM, deepM } = this.view;
    const away = distanceM(this.view, this.camera.aspect) / this.zoom;
    const [turn, rise] = [rad(azimuthDeg), rad(elevationDeg)];
    const at = new Vector3(Math.sin(turn) * Math.cos(rise), Math.sin(rise), Math.cos(turn) * Math.cos(rise));
    this.camera.position.set(...target).addScaledVector(at, away);
    this.camera.up.set(0, 1, 0);
    this.camera.lookAt(...target);
    this.camera.near = Number.isFinite(cutM) ? Math.max(0.02, away - cutM) : 0.02;
    this.camera.far = away + deepM;
    this.material.uniforms.cutAt.value = Number.isFinite(cutM) ? this.camera.near : -1;
    this.contourMesh.visible = !Number.isFinite(cutM); // where the figure is cut open its far side is seen
    this.camera.updateProjectionMatrix();
    this.camera.updateMatrixWorld();
    this.draw();
  }

  /** Metres of skin under one pixel of the screen, at the target. */
  get metresPerPx(): number {
    const away = distanceM(this.view, this.camera.aspect) / this.zoom;
    return (2 * away * Math.tan(rad(FIELD_OF_VIEW_DEG / 2))) / Math.max(1, this.canvas.clientHeight);
  }

  /** Show what the ink says at these vertices. The border runs smoothly between them, as no zigzag of triangles. */
  show(ink: Ink, vertices: Iterable<number>): void {
    const { from, to } = this.graph;
    const touched = new Set<number>();
    for (const vertex of vertices) {
      touched.add(vertex);
      for (let k = from[vertex]; k < from[vertex + 1]; k += 1) touched.add(to[k]);
    }
    for (const vertex of touched) for (let layer = 0; layer < LAYERS.length; layer += 1) this.soften(ink, layer, vertex);
    this.inkShown.needsUpdate = true;
    this.strengthShown.needsUpdate = true;
    this.draw();
  }

  /** Half what the vertex wears, half what its neighbours do; it says what the strongest of them says. */
  private soften(ink: Ink, layer: number, vertex: number): void {
    const { from, to } = this.graph;
    const [first, last] = [from[vertex], from[vertex + 1]];
    const own = ink.weight(layer, vertex);
    let [sum, most, speaker] = [0, own, vertex];
    for (let k = first; k < last; k += 1) {
      const weight = ink.weight(layer, to[k]);
      sum += weight;
      if (weight > most) [most, speaker] = [weight, to[k]];
    }
    const shown = last > first ? Math.round((own + sum / (last - first)) / 2) : own;
    const place = 4 * vertex + layer;
    this.inkShown.array[place] = shown;
    this.strengthShown.array[place] = shown ? (shown * stepOf(ink.saysAt(layer, own ? vertex : speaker)?.intensity ?? null)) / 3 : 0;
  }

  /** Ask for a frame; many asks between two frames make one. */
  draw(): void {
    this.waiting ||= requestAnimationFrame(() => this.drawNow());
  }

  /** Draw within the frame that is being made, so that ink follows the finger without a frame's delay. */
  drawNow(): void {
    cancelAnimationFrame(this.waiting);
    this.waiting = 0;
    const started = performance.now();
    this.renderer.render(this.scene, this.camera);
    this.onFrame(performance.now() - started);
  }

  /** Make the search tree now, so that the first touch does not wait for it. */
  warm(): MeshBVH {
    return (this.tree ??= new MeshBVH(this.geometry, { indirect: true }));
  }

  /** The skin under a point of the screen; null beside the body. */
  hit(clientX: number, clientY: number): Hit | null {
    const box = this.canvas.getBoundingClientRect();
    const x = ((clientX - box.left) / box.width) * 2 - 1;
    const y = 1 - ((clientY - box.top) / box.height) * 2;
    const origin = this.camera.position.clone();
    const way = new Vector3(x, y, 0.5).unproject(this.camera).sub(origin).normalize();
    const straight = way.dot(this.camera.getWorldDirection(new Vector3()));
    const found = this.warm().raycastFirst(new Ray(origin, way), FrontSide, this.camera.near / straight, this.camera.far);
    if (!found?.face) return null;
    return this.cornersOf(found.face, found.point);
  }

  private cornersOf(face: Face, point: Vector3): Hit {
    const corners = [face.a, face.b, face.c] as const;
    const far = (vertex: number): number =>
      Math.hypot(this.positions[3 * vertex] - point.x, this.positions[3 * vertex + 1] - point.y, this.positions[3 * vertex + 2] - point.z);
    const cornerM = [far(face.a), far(face.b), far(face.c)] as const;
    return { corners, cornerM, nearest: corners[cornerM.indexOf(Math.min(...cornerM))] };
  }

  /** Where a vertex stands in the box, and whether its skin looks at the reader. */
  onScreen(vertex: number): { x: number; y: number; seen: boolean } {
    const normal = this.geometry.getAttribute("normal");
    const at = new Vector3().fromArray(this.positions, 3 * vertex);
    const toEye = this.camera.position.clone().sub(at).normalize();
    const faces = new Vector3().fromBufferAttribute(normal, vertex).dot(toEye) > 0.15;
    at.project(this.camera);
    const inside = Math.abs(at.x) < 0.98 && Math.abs(at.y) < 0.98;
    return { x: ((at.x + 1) / 2) * this.canvas.clientWidth, y: ((1 - at.y) / 2) * this.canvas.clientHeight, seen: faces && inside };
  }

  dispose(): void {
    cancelAnimationFrame(this.waiting);
    this.geometry.dispose();
    this.material.dispose();
    this.contour.dispose();
    this.renderer.dispose();
  }
}

/** Three steps of the wash; a mark without a number is shown as clear, and says nothing more. */
export function stepOf(intensity: number | null): 1 | 2 | 3 {
  if (intensity === null) return 2;
  return intensity < 4 ? 1 : intensity < 7 ? 2 : 3;
}
