import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { decode, encode, fromText, toText } from "../src/coding";
import { type Coat, type Mark, type Says, keyOf } from "../src/ink";
import { ACHE, dab, landmark, newInk, surface } from "./body";

const SHARP: Says = { layer: "pain", intensity: 8, quality: ["sharp"], depth: "", began: false, moves: true };
const NUMB: Says = { layer: "numb", intensity: null, quality: [], depth: "", began: false, moves: false };
const plain = (coats: Coat[]): unknown => coats.map((c) => ({ says: c.says, v: [...c.vertices], w: [...c.weights] }));

function painted(): ReturnType<typeof newInk> {
  const ink = newInk();
  ink.begin();
  dab(ink, ACHE, landmark("shoulder_front", "right"), 0.04);
  ink.end();
  return ink;
}

describe("teeth", () => {
  test("are filled by their zone, told as marks, and reached by no brush", () => {
    const tooth: Mark = { layer: "pain", zone: "zone.head.teeth_upper", side: "right", intensity: 6, quality: [], began_here: false };
    const ink = newInk();
    ink.begin();
    dab(ink, ACHE, landmark("upper_lip_mid", "midline"), 0.05);
    ink.end();
    expect(ink.marks().filter((mark) => mark.zone.startsWith("zone.head.teeth"))).toEqual([]);
    ink.follow([...ink.marks(), tooth]);
    expect(ink.marks().find((mark) => mark.zone === tooth.zone)).toMatchObject({ side: "right", intensity: 6 });
  });
});

describe("strokes", () => {
  test("undo and redo walk back and forth exactly", () => {
    const ink = newInk();
    const states = [plain(ink.coats())];
    for (const [says, name] of [[ACHE, "shoulder_front"], [SHARP, "shoulder_side"], [NUMB, "palm"]] as const) {
      ink.begin();
      dab(ink, says, landmark(name, "right"), 0.05);
      expect(ink.end()).toBe(true);
      states.push(plain(ink.coats()));
    }
    for (const state of states.slice(0, -1).reverse()) {
      expect(ink.undo()).toBe(true);
      expect(plain(ink.coats())).toEqual(state);
    }
    expect(ink.undo()).toBe(false);
    for (const state of states.slice(1)) {
      ink.redo();
      expect(plain(ink.coats())).toEqual(state);
    }
  });

  test("a stroke over itself is no step, and a new stroke ends what could be redone", () => {
    const ink = painted();
    ink.begin();
    dab(ink, ACHE, landmark("shoulder_front", "right"), 0.04);
    expect(ink.end()).toBe(false);
    ink.undo();
    ink.begin();
    dab(ink, NUMB, landmark("palm", "left"), 0.02);
    ink.end();
    expect(ink.canRedo).toBe(false);
  });

  test("the mirror puts the same ink on the other side and leaves this one", () => {
    const ink = painted();
    const before = ink.coats()[0];
    ink.begin();
    ink.mirror("pain");
    ink.end();
    const both = new Set(ink.coats()[0].vertices);
    for (const vertex of before.vertices) {
      expect(both.has(vertex)).toBe(true);
      expect(both.has(surface.mirror[vertex])).toBe(true);
    }
    expect(both.size).toBe(2 * before.vertices.length);
    ink.undo();
    expect(plain(ink.coats())).toEqual(plain([before]));
  });

  test("rubbing out takes one layer only", () => {
    const ink = painted();
    ink.begin();
    dab(ink, NUMB, landmark("shoulder_front", "right"), 0.04);
    for (let v = 0; v < surface.vertexCount; v += 1) ink.rub("pain", v, 0);
    ink.end();
    expect(ink.coats().map((coat) => coat.says.layer)).toEqual(["numb"]);
  });

  test("saying something else keeps the shape", () => {
    const ink = painted();
    const [before] = ink.coats();
    ink.begin();
    ink.restate(SHARP);
    ink.end();
    const [after] = ink.coats();
    expect(after.says).toEqual(SHARP);
    expect([...after.vertices]).toEqual([...before.vertices]);
  });

  test("two hundred strokes in a second stay quick and all undoable steps are there", () => {
    const ink = newInk();
    const started = performance.now();
    for (let n = 0; n < 200; n += 1) {
      ink.begin();
      dab(ink, { ...ACHE, intensity: n % 11 }, (n * 131) % 13000, 0.02);
      ink.end();
    }
    expect(performance.now() - started).toBeLessThan(1000);
    let steps = 0;
    while (ink.undo()) steps += 1;
    expect(steps).toBe(100);
  });

  test("more statements than a drawing can hold are tidied, not mixed up", () => {
    const ink = newInk();
    for (let n = 0; n < 600; n += 1) {
      ink.begin();
      dab(ink, { ...ACHE, quality: [`word ${n}`] }, landmark("palm", "left"), 0.01);
      ink.end();
    }
    expect(ink.coats().at(-1)?.says.quality).toEqual(["word 599"]);
  });
});

describe("the plain form", () => {
  test("goes out and comes back exactly", () => {
    const ink = painted();
    dab(ink, SHARP, landmark("shoulder_side", "right"), 0.05);
    dab(ink, { ...NUMB, quality: ["électrique"] }, landmark("heel", "left"), 0.03);
    const bytes = encode(ink.coats(), "body-1");
    expect(plain(decode(bytes, "body-1"))).toEqual(plain(ink.coats()));
    expect(fromText(toText(bytes))).toEqual(bytes);
    expect(() => decode(bytes, "body-2")).toThrow("body-1");
    expect(() => decode(bytes.slice(0, -2), "body-1")).toThrow("cut off");
  });
});

describe("marks", () => {
  test("zones that did not change keep their painted shape", () => {
    const ink = painted();
    const before = plain(ink.coats());
    ink.follow(ink.marks());
    expect(plain(ink.coats())).toEqual(before);
    for (const gone of ink.marks()) {
      const other = painted();
      const rest = other.marks().filter((mark) => keyOf(mark) !== keyOf(gone));
      other.follow(rest);
      expect(other.marks().map(keyOf)).toEqual(rest.map(keyOf));
    }
  });

  test("they are the marks that the server reads, in every example both share", () => {
    const file = new URL("../../tests/findings/ink_examples.json", import.meta.url);
    const examples = JSON.parse(readFileSync(file, "utf8")) as { ink: string; marks: Mark[]; followed: Mark[]; after: string }[];
    expect(examples.length).toBeGreaterThan(4);
    for (const example of examples) {
      const ink = newInk();
      ink.add(decode(fromText(example.ink), "body-1"), true);
      expect(ink.marks()).toEqual(example.marks);
      ink.follow(example.followed);
      const sorted = (marks: Mark[]): Mark[] => [...marks].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
      expect(sorted(ink.marks())).toEqual(sorted(example.followed));
      const after = decode(fromText(example.after), "body-1");
      expect(ink.coats().flatMap((c) => [...c.vertices]).sort()).toEqual(after.flatMap((c) => [...c.vertices]).sort());
    }
  });
});
