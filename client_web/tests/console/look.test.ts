// The state of a seat in one word, and the thresholds of silence.
import { describe, expect, test } from "vitest";
import { isAllSilent, lookOf, silenceGrade } from "../../src/console/ctrl/look";
import { ago, makeSeat, makeSession, makeSnapshot, NOW_MS } from "./factory";

const LIMITS = { silence_warn_s: 12, silence_alarm_s: 30 };
const kind = (part: Parameters<typeof makeSession>[1]) => lookOf(makeSeat(1, 1, 1, makeSession(1, part)), NOW_MS, LIMITS).kind;

describe("silence", () => {
  test.each([
    [0, "none"], [11, "none"], [12, "warn"], [29, "warn"], [30, "alarm"], [600, "alarm"],
  ] as const)("%i s is %s", (seconds, grade) => {
    expect(silenceGrade(seconds, LIMITS)).toBe(grade);
  });

  test("nobody is silent who is not to be heard", () => {
    expect(silenceGrade(null, LIMITS)).toBe("none");
    expect(kind({ progress: { state: "submitted" }, presence: { seen_at: ago(900) } })).toBe("finished");
    expect(kind({ progress: { state: "expected", is_signed_in: false }, desk: { identity: "unchecked" }, presence: { seen_at: ago(900) } })).toBe("expected");
  });

  test("a broken connection outweighs work, not a pause; the pause still tells it", () => {
    expect(kind({ presence: { seen_at: ago(12) } })).toBe("faint");
    expect(kind({ presence: { seen_at: ago(31) } })).toBe("silent");
    const paused = lookOf(makeSeat(1, 1, 1, makeSession(1, { progress: { state: "paused" }, presence: { seen_at: ago(45) } })), NOW_MS, LIMITS);
    expect(paused).toEqual({ kind: "paused", silence: "alarm", silence_s: 45 });
  });

  test("a clock a little ahead of ours is no negative silence", () => {
    expect(lookOf(makeSeat(1, 1, 1, makeSession(1, { presence: { seen_at: ago(-3) } })), NOW_MS, LIMITS).silence_s).toBe(0);
  });
});

describe("kind", () => {
  test.each([
    ["working", {}],
    ["between", { progress: { ends_at: null } }],
    ["out", { progress: { is_signed_in: false } }],
    ["paused", { progress: { state: "paused" } }],
    ["finished", { progress: { state: "submitted" } }],
    ["absent", { progress: { state: "absent" } }],
    ["removed", { progress: { state: "removed" } }],
    ["removed", { desk: { is_removed: true } }],
    ["admitted", { progress: { state: "admitted" } }],
    ["out", { progress: { state: "admitted", is_signed_in: false } }],
    ["admit", { progress: { state: "expected" } }],
    ["refused", { progress: { state: "expected" }, desk: { identity: "refused" } }],
    ["check", { progress: { state: "expected" }, desk: { identity: "unchecked" } }],
    ["expected", { progress: { state: "expected", is_signed_in: false }, desk: { identity: "unchecked" } }],
  ] as const)("%s", (expected, part) => {
    expect(kind(part)).toBe(expected);
  });

  test("an empty seat is free", () => {
    expect(lookOf(makeSeat(1, 1, 1), NOW_MS, LIMITS).kind).toBe("free");
  });
});

describe("after the server was away", () => {
  const seats = [makeSeat(1, 1, 1, makeSession(1, { presence: { seen_at: ago(40) } })), makeSeat(2, 1, 2)];

  test("silence is counted from its return", () => {
    expect(lookOf(seats[0]!, NOW_MS, LIMITS, NOW_MS - 5000)).toEqual({ kind: "working", silence: "none", silence_s: 5 });
    expect(lookOf(seats[0]!, NOW_MS, LIMITS, NOW_MS - 35_000).kind).toBe("silent");
  });

  test("one candidate heard shows that it was not away", () => {
    expect(isAllSilent(makeSnapshot(seats))).toBe(true);
    expect(isAllSilent(makeSnapshot([...seats, makeSeat(3, 1, 3, makeSession(3))]))).toBe(false);
  });
});
