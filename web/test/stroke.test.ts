import { expect, test } from "vitest";

import { between, pressureOf, unjoined } from "../src/stroke";
import { brushRadiusM, closeUp, distanceM, sideWords, wholeBody } from "../src/views";
import { landmark, surface } from "./body";

const event = (pointerType: string, pressure: number) => ({ clientX: 0, clientY: 0, pressure, pointerType });

test("only a pen's pressure is believed", () => {
  expect(pressureOf(event("mouse", 0.5))).toBe(0.5);
  expect(pressureOf(event("touch", 1))).toBe(0.5);
  expect(pressureOf(event("touch", 0))).toBe(0.5);
  expect(pressureOf(event("pen", 0.9))).toBe(0.9);
  expect(pressureOf(event("pen", 0))).toBe(0.5);
});

test("joined events are taken apart; an empty or missing list is the event itself", () => {
  const one = event("touch", 0);
  const two = [event("touch", 0), event("touch", 0)];
  expect(unjoined(one)).toEqual([one]);
  expect(unjoined<typeof one>({ ...one, getCoalescedEvents: () => [] })).toHaveLength(1);
  expect(unjoined<typeof one>({ ...one, getCoalescedEvents: () => two })).toEqual(two);
});

test("dabs leave no gap, end where the pointer is, and are never too many", () => {
  const from = { x: 0, y: 0, pressure: 0.2 }, to = { x: 30, y: 40, pressure: 0.8 };
  const dabs = between(from, to, 6);
  expect(dabs.at(-1)).toEqual(to);
  [from, ...dabs].reduce((a, b) => (expect(Math.hypot(b.x - a.x, b.y - a.y)).toBeLessThanOrEqual(6.001), b));
  expect(between(from, { ...to, x: 1e6 }, 1)).toHaveLength(60);
});

test("left and right are the person's own in every view", () => {
  expect(sideWords(0)).toEqual({ start: "right", end: "left" });
  expect(sideWords(180)).toEqual({ start: "left", end: "right" });
  expect(sideWords(90)).toEqual({ start: "left", end: null });
  expect(sideWords(-90)).toEqual({ start: "right", end: null });
});

test("the whole body and a close-up fit on a narrow and on a broad stage", () => {
  const whole = wholeBody(surface.positions, 0);
  expect(whole.halfHeightM).toBeGreaterThan(0.86);
  expect(distanceM(whole, 0.5)).toBeGreaterThan(distanceM(whole, 2));
  const vertices = ["wrist_radial", "thumb_tip", "middle_tip"].map((name) => landmark(name, "right"));
  const hand = closeUp(surface.positions, { key: "hand/right", vertices, marginM: 0.02, azimuthDeg: 0, elevationDeg: 0 });
  expect(hand.target[0]).toBeLessThan(0);
  expect(distanceM(hand, 1)).toBeLessThan(0.3 * distanceM(whole, 1));
});

test("the brush is a fingertip, between a pea and a palm", () => {
  expect(brushRadiusM(1, 1)).toBe(0.036);
  expect(brushRadiusM(1e-6, 1)).toBe(0.0045);
  expect(brushRadiusM(0.001, 1)).toBeCloseTo(0.013);
});
