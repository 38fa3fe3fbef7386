// Applying an event to an old snapshot gives what a fresh snapshot would say.
import { describe, expect, test } from "vitest";
import { apply, applySeen } from "../../src/console/ctrl/apply";
import { ago, makeSeat, makeSession, makeSnapshot } from "./factory";

const one = makeSession(1);
const two = makeSession(2);
const old = makeSnapshot([makeSeat(10, 1, 1, one), makeSeat(11, 1, 2, two), makeSeat(12, 1, 3)]);

describe("apply", () => {
  test("session:changed replaces the progress of one session", () => {
    const progress = { ...two.progress, state: "paused", paused_at: ago(0) } as const;
    const fresh = makeSnapshot([makeSeat(10, 1, 1, one), makeSeat(11, 1, 2, { ...two, progress }), makeSeat(12, 1, 3)], { v: 8 });
    expect(apply(old, { v: 8, name: "session:changed", body: { session_id: 2, progress } })).toEqual(fresh);
  });

  test("desk:changed replaces what the desk decided", () => {
    const desk = { ...one.desk, warnings: 1 };
    const fresh = makeSnapshot([makeSeat(10, 1, 1, { ...one, desk }), makeSeat(11, 1, 2, two), makeSeat(12, 1, 3)], { v: 8 });
    expect(apply(old, { v: 8, name: "desk:changed", body: { session_id: 1, desk } })).toEqual(fresh);
  });

  test("call:changed and message:changed replace the call and the last message", () => {
    const call = { call_id: 3, kind: "mouse", words: "", state: "asked", asked_at: ago(1) } as const;
    const message = { text: "Wait", sent_at: ago(1), shown_at: null, read_at: null };
    const called = apply(old, { v: 8, name: "call:changed", body: { session_id: 1, call } });
    expect(called?.seats[0]?.session?.call).toEqual(call);
    expect(apply(old, { v: 8, name: "message:changed", body: { session_id: 2, message } })?.seats[1]?.session?.message).toEqual(message);
  });

  test("times:changed and incident:changed replace the times of one and one line of the log", () => {
    const times = { given_s: 600, break_until: null, held_since: null };
    expect(apply(old, { v: 8, name: "times:changed", body: { session_id: 1, times } })?.seats[0]?.session?.times).toEqual(times);
    const line = { id: 4, kind: "technical", text: "No power", began_at: ago(60), ended_at: null, session_id: null, n_affected: 2, n_given: 0, given_s: 0, by: "A" };
    const begun = apply(old, { v: 8, name: "incident:changed", body: { incident: line } });
    const earlier = begun && apply(begun, { v: 9, name: "incident:changed", body: { incident: { ...line, id: 5, began_at: ago(90) } } });
    expect(earlier?.incidents.map(({ id }) => id)).toEqual([5, 4]);
    const over = earlier && apply(earlier, { v: 10, name: "incident:changed", body: { incident: { ...line, ended_at: ago(0) } } });
    expect(over?.incidents.map(({ id, ended_at }) => [id, ended_at !== null])).toEqual([[5, false], [4, true]]);
  });

  test("seat:moved carries the session to the free seat", () => {
    const fresh = makeSnapshot([makeSeat(10, 1, 1), makeSeat(11, 1, 2, two), makeSeat(12, 1, 3, one)], { v: 8 });
    expect(apply(old, { v: 8, name: "seat:moved", body: { session_id: 1, seat_id: 12 } })).toEqual(fresh);
  });

  test("seat:moved to the same seat only takes the version on", () => {
    expect(apply(old, { v: 8, name: "seat:moved", body: { session_id: 1, seat_id: 10 } })).toEqual({ ...old, v: 8 });
  });

  test("duty:changed says who acts in the room", () => {
    const acting = [{ staff_id: 6, name: "Kim S." }];
    expect(apply(old, { v: 8, name: "duty:changed", body: { acting } })).toEqual({ ...old, v: 8, acting });
  });

  test("room:changed replaces the times and keeps names and titles", () => {
    const room = { state: "closed", started_at: ago(600), late_until: null, ends_at: ago(1) } as const;
    const fresh = { ...old, v: 8, room: { ...old.room, ...room } };
    expect(apply(old, { v: 8, name: "room:changed", body: { room } })).toEqual(fresh);
  });

  test("a stranger, an unknown seat or a taken one asks for a new snapshot", () => {
    expect(apply(old, { v: 8, name: "desk:changed", body: { session_id: 99, desk: one.desk } })).toBeNull();
    expect(apply(old, { v: 8, name: "seat:moved", body: { session_id: 1, seat_id: 99 } })).toBeNull();
    expect(apply(old, { v: 8, name: "seat:moved", body: { session_id: 1, seat_id: 11 } })).toBeNull();
    expect(apply(old, { v: 8, name: "seat:moved", body: { session_id: 99, seat_id: 12 } })).toBeNull();
  });

  test("the old snapshot is left as it was", () => {
    const before = structuredClone(old);
    apply(old, { v: 8, name: "seat:moved", body: { session_id: 1, seat_id: 12 } });
    expect(old).toEqual(before);
  });
});

describe("applySeen", () => {
  test("a heartbeat replaces the presence and not the version", () => {
    const presence = { ...one.presence, seen_at: ago(0), lost_focus: 3, unsent: 1 };
    const fresh = makeSnapshot([makeSeat(10, 1, 1, { ...one, presence }), makeSeat(11, 1, 2, two), makeSeat(12, 1, 3)]);
    expect(applySeen(old, { session_id: 1, presence })).toEqual(fresh);
  });

  test("of a stranger it tells nothing", () => {
    expect(applySeen(old, { session_id: 99, presence: one.presence })).toBe(old);
  });
});
