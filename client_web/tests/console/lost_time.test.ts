// What is typed as minutes, and which acts on time there are.
import { describe, expect, test } from "vitest";
import { NO_PRESS, pressOf } from "../../src/console/ctrl/once";
import { possibleActs } from "../../src/console/view/ActList";
import { hoursOf } from "../../src/console/view/Head";
import { hourText } from "../../src/console/ctrl/time";
import { minutesOf } from "../../src/console/view/LostTime";
import { signsOf } from "../../src/console/ctrl/signs";
import { waitsForAll } from "../../src/console/view/RoomStrip";
import { signText } from "../../src/console/view/words";
import { makeSeat, makeSession, makeSnapshot } from "./factory";

describe("lost time (DC-12)", () => {
  test.each([["", ""], [" 7 ", 7], ["0", 0], ["600", 600], ["601", null], ["1.5", null], ["-1", null], ["ten", null]])("minutes %j are %j", (typed, minutes) => {
    expect(minutesOf(typed)).toBe(minutes);
  });

  test("an incident reaches back no further than the edition says", () => {
    expect([minutesOf("30", 30), minutesOf("31", 30)]).toEqual([30, null]);
  });

  test("the same asked again is the same press; anything else is another", () => {
    const first = pressOf(NO_PRESS, { seconds: 60, reason: "No power" });
    expect(pressOf(first, { seconds: 60, reason: "No power" })).toEqual(first);
    const other = pressOf(first, { seconds: 120, reason: "No power" });
    expect(other.key).not.toBe(first.key);
    expect(pressOf(NO_PRESS, { seconds: 60, reason: "No power" }).key).not.toBe(first.key);
  });

  test("the room ends later by what was given back to those who still sit", () => {
    const [from, planned, later] = ["2026-05-12T09:00:00Z", "2026-05-12T13:00:00Z", "2026-05-12T13:12:00Z"];
    const hours = (state: "running" | "paused" | "submitted", whole_ends_at: string) => {
      const snapshot = makeSnapshot([makeSeat(1, 1, 1, makeSession(1, { progress: { state, whole_ends_at } }))]);
      return hoursOf({ ...snapshot, room: { ...snapshot.room, started_at: from, ends_at: planned } });
    };
    const plain = `${hourText(from)}–${hourText(planned)}`;
    expect(hours("submitted", later)).toBe(plain);
    expect(hours("running", planned)).toBe(plain);
    for (const state of ["running", "paused"] as const) {
      expect(hours(state, later)).toBe(`${hourText(from)}–${hourText(later)} (planned until ${hourText(planned)})`);
    }
  });

  test("a clock that stands still is told in words, without a figure", () => {
    const session = makeSession(1, { times: { held_since: "2026-05-12T10:00:00Z" } });
    const [sign] = signsOf(session, 0, makeSnapshot([]));
    expect([sign?.code, sign && signText(sign)]).toEqual(["held", "Time ran out while the line was down"]);
  });

  test("all are resumed together who were paused together: nobody on a break, nobody whose time ran out", () => {
    const at = "2026-05-12T10:00:00Z";
    const waits = (times: object) => waitsForAll(makeSeat(1, 1, 1, makeSession(1, { progress: { state: "paused", paused_at: at }, times })));
    expect([waits({}), waits({ held_since: at }), waits({ break_until: at })]).toEqual([true, false, false]);
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
