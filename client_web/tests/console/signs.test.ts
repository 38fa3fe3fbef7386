// Signs rise at their thresholds, fall only after a while, and bring those who want the proctor to the top.
import { describe, expect, test } from "vitest";
import { Settler, calmed, gradeOf, inNeed, lookedAt, needsMe, signsOf } from "../../src/console/ctrl/signs";
import { INDICATORS, NOW_MS, ago, makeCard, makeSeat, makeSession } from "./factory";

const at = { indicators: INDICATORS };
const grades = (session: Parameters<typeof signsOf>[0]) => Object.fromEntries(signsOf(session, NOW_MS, at).map((sign) => [sign.code, sign.grade]));

describe("grades", () => {
  test("each threshold is met exactly, upwards and for a battery downwards", () => {
    const left = INDICATORS[2]!;
    const battery = INDICATORS[5]!;
    expect([0, 1, 2, 3].map((value) => gradeOf(left, value))).toEqual(["none", "warn", "warn", "alarm"]);
    expect([26, 25, 11, 10].map((value) => gradeOf(battery, value))).toEqual(["none", "warn", "warn", "alarm"]);
    expect(gradeOf(battery, null)).toBe("none");
  });

  test("every figure of a seat has its sign", () => {
    const session = makeSession(1, {
      progress: { quick: 5 },
      presence: { lost_focus: 3, away_since: ago(40), unsent: 1, battery: 9, is_charging: false, seen_at: ago(31) },
    });
    expect(grades(session)).toEqual({ silence: "alarm", left: "alarm", away: "alarm", battery: "alarm", quick: "warn", unsent: "warn" });
  });

  test("a battery that charges is no sign, nor anything of one who is done", () => {
    expect(grades(makeSession(1, { presence: { battery: 3, is_charging: true } }))).toEqual({});
    expect(grades(makeSession(1, { progress: { state: "submitted" }, presence: { lost_focus: 9 } }))).toEqual({});
  });
});

test("whose time ran out while the line was down wants the proctor first of all", () => {
  const held = makeSession(1, { progress: { state: "paused" }, times: { held_since: ago(5) } });
  expect(signsOf(held, NOW_MS, { indicators: INDICATORS })[0]).toMatchObject({ code: "held", grade: "alarm" });
  expect(signsOf(makeSession(1), NOW_MS, { indicators: INDICATORS })).toEqual([]);
});

describe("Settler", () => {
  const sign = (grade: "warn" | "alarm", value = 1) => ({ code: "silence", title: "", grade, value });

  test("a sign rises at once, and falls only when it was lower for the whole while", () => {
    const settler = new Settler();
    const shown = (signs: Parameters<Settler["settle"]>[1], at_s: number) => settler.settle(1, signs, at_s * 1000, 6).map((each) => each.grade);
    expect(shown([sign("warn")], 0)).toEqual(["warn"]);
    expect(shown([], 1)).toEqual(["warn"]);
    expect(shown([sign("alarm")], 2)).toEqual(["alarm"]);
    expect(shown([sign("warn")], 5)).toEqual(["alarm"]);
    expect(shown([], 7)).toEqual(["alarm"]);
    expect(shown([], 8)).toEqual([]);
    expect(shown([], 9)).toEqual([]);
  });

  test("one candidate's signs are not another's", () => {
    const settler = new Settler();
    settler.settle(1, [sign("alarm")], 0, 6);
    expect(settler.settle(11, [], 1, 6)).toEqual([]);
  });
});

test("what the proctor has looked at is urgent again only when it is worse", () => {
  const left = (value: number) => [{ code: "left", title: "", grade: "alarm" as const, value }];
  const away = [{ code: "away", title: "", grade: "alarm" as const, value: 40 }];
  const looked = lookedAt(lookedAt(new Map(), 1, left(3)), 1, away);
  const grade = (id: number, signs: Parameters<typeof calmed>[2]) => calmed(looked, id, signs).map((sign) => sign.grade);
  expect([grade(1, left(3)), grade(1, left(4)), grade(2, left(3)), grade(1, away)]).toEqual([["warn"], ["alarm"], ["alarm"], ["alarm"]]);
});

test("who calls comes first, the longest wait before the rest, then by how much there is", () => {
  const call = (seconds: number, state: "asked" | "answered") => ({ call_id: 1, kind: "mouse", words: "", state, asked_at: ago(seconds) });
  const cards = [
    makeCard(makeSeat(1, 1, 1, makeSession(1, { presence: { lost_focus: 3 } }))),
    makeCard(makeSeat(2, 1, 2, makeSession(2, { call: call(10, "asked") }))),
    makeCard(makeSeat(3, 1, 3, makeSession(3, { call: call(90, "asked") }))),
    makeCard(makeSeat(4, 2, 1, makeSession(4, { call: call(99, "answered") }))),
    makeCard(makeSeat(5, 2, 2, makeSession(5, { presence: { lost_focus: 3, battery: 5, is_charging: false } }))),
    makeCard(makeSeat(6, 2, 3, makeSession(6, { presence: { lost_focus: 1 } }))),
    makeCard(makeSeat(7, 3, 1)),
  ];
  expect(inNeed(cards).map((card) => card.seat.seat_id)).toEqual([3, 2, 5, 1]);
  expect(needsMe(cards[5]!)).toBe(false);
});
