// What is typed as minutes, and which acts on time there are.
import { describe, expect, test } from "vitest";
import { possibleActs } from "../../src/console/view/ActList";
import { minutesOf } from "../../src/console/view/LostTime";
import { makeSession, makeSnapshot } from "./factory";

describe("lost time (DC-12)", () => {
  test.each([["", ""], [" 7 ", 7], ["0", 0], ["600", 600], ["601", null], ["1.5", null], ["-1", null], ["ten", null]])("minutes %j are %j", (typed, minutes) => {
    expect(minutesOf(typed)).toBe(minutes);
  });

  test("time is given back to whoever runs or is paused, a break begun where breaks were decided", () => {
    const snapshot = makeSnapshot([]);
    const plain = makeSession(1);
    const rested = { ...plain, who: { ...plain.who, conditions: [{ effect: "break_minutes", words: "Breaks 10′" }] } };
    expect(possibleActs(snapshot, plain)).toContain("give-time");
    expect(possibleActs(snapshot, plain)).not.toContain("break");
    expect(possibleActs(snapshot, plain)).toContain("give-play");
    expect(possibleActs({ ...snapshot, has_recordings: false }, plain)).not.toContain("give-play");
    expect(possibleActs(snapshot, rested)).toContain("break");
    expect(possibleActs(snapshot, makeSession(2, { progress: { state: "submitted" } }))).toEqual([]);
  });
});
