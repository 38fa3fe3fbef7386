// The console's state: the panel follows its candidate, acts post once, a refusal keeps what was typed.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Listener } from "../../src/common/stream";
import type { EventFrame, Snapshot } from "../../src/common/wire";
import { Console, roomKey, seatKey } from "../../src/console/ctrl/console";
import { makeSeat, makeSession, makeSnapshot } from "./factory";

let current: Snapshot;
let line: Listener | undefined;
let posted: string[];
let verdict: { status: number; body: object };
let ctrl: Console;

const reply = (body: object, status = 200) => new Response(JSON.stringify(body), { status });

beforeEach(async () => {
  current = makeSnapshot([makeSeat(1, 1, 1, makeSession(1)), makeSeat(2, 1, 2, makeSession(2)), makeSeat(3, 1, 3)]);
  posted = [];
  verdict = { status: 200, body: { clause: "DC-12", note: null } };
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (init.method === "GET") return reply(current);
    posted.push(`${url} ${String(init.body)}`);
    return reply(verdict.body, verdict.status);
  });
  ctrl = new Console("7", (_ticket, listener) => ((line = listener), { close: () => undefined }));
  await ctrl.start();
  line?.onOpen();
});

afterEach(() => {
  ctrl.stop();
  vi.unstubAllGlobals();
});

const hear = (...events: EventFrame[]) => line?.onEvents({ epoch: "e1", topic: "room:1", events });

test("the clock is the server's, in whole seconds", () => {
  expect(Math.abs(ctrl.now.value - Date.parse(current.now))).toBeLessThan(2000);
  expect(ctrl.now.value % 1000).toBe(0);
  expect(ctrl.isLive.value).toBe(true);
});

test("the panel follows its candidate to another seat", () => {
  ctrl.choose(1);
  hear({ v: 8, name: "seat:moved", body: { session_id: 1, seat_id: 3 } });
  expect(ctrl.chosenId.value).toBe(3);
  expect(ctrl.chosen.value?.seat.session?.who.session_id).toBe(1);
});

test("an event about a stranger fetches the snapshot anew", async () => {
  current = { ...current, v: 8, seats: [...current.seats.slice(0, 2), makeSeat(3, 1, 3, makeSession(9))] };
  hear({ v: 8, name: "seat:moved", body: { session_id: 9, seat_id: 3 } });
  await vi.waitFor(() => expect(ctrl.snapshot.value?.seats[2]?.session?.who.session_id).toBe(9));
});

test("while a new seat is sought, a free seat is chosen for the move and not shown", () => {
  ctrl.choose(1);
  const session = ctrl.chosen.value!.seat.session!;
  ctrl.toggle(session, "move");
  ctrl.choose(3);
  expect(ctrl.chosenId.value).toBe(1);
  expect(ctrl.drafts.get(seatKey(session, "move"), { seat_id: 0 }).seat_id).toBe(3);
});

test("a move shows the new code until it was handed over", async () => {
  verdict.body = { registration_no: "2027-70001", seat: "3", code: "7KQ4-M2XD" };
  ctrl.choose(1);
  const { seat } = ctrl.chosen.value!;
  ctrl.drafts.set(seatKey(seat.session!, "move"), { seat_id: 3 });
  await ctrl.move(seat.session!, seat, "Computer fault");
  expect(posted).toEqual(['/proctor/rooms/7/sessions/1/move {"seat_id":3,"reason":"Computer fault"}']);
  expect(ctrl.code.value?.code).toBe("7KQ4-M2XD");
});

test("pressed twice, an act is posted once; its dialog closes and its draft goes", async () => {
  ctrl.openAsk("pause");
  ctrl.drafts.set(roomKey("pause"), { reason: "Power" });
  const press = () => ctrl.actOnRoom("pause", { reason: "Power" }, "All are paused.");
  await Promise.all([press(), press()]);
  expect(posted).toHaveLength(1);
  expect(ctrl.ask.value).toBeNull();
  expect(ctrl.drafts.has(roomKey("pause"))).toBe(false);
});

test("a refusal keeps the form, what was typed and the clause", async () => {
  verdict = { status: 403, body: { error: { code: "removal_due", message: "Removal is due.", clause: "DC-15" } } };
  ctrl.choose(1);
  const session = ctrl.chosen.value!.seat.session!;
  ctrl.toggle(session, "warn");
  ctrl.drafts.set(seatKey(session, "warn"), { narrative: "Talked" });
  expect(await ctrl.actOnSeat(session, "warn", {}, "Warned.")).toBe(false);
  expect(ctrl.openAct.value).toBe("warn");
  expect(ctrl.drafts.get(seatKey(session, "warn"), { narrative: "" }).narrative).toBe("Talked");
  expect(ctrl.acts.of(seatKey(session, "warn")).trouble).toMatchObject({ message: "Removal is due.", clause: "DC-15" });
});

test("a lost line freezes the judgement of silence", () => {
  line?.onClose();
  expect(ctrl.isLive.value).toBe(false);
  ctrl.now.value += 600_000;
  expect(ctrl.cards.value.map((card) => card.look.kind)).toEqual(["working", "working", "free"]);
});

test("DC-9: a slip that is read shows its candidate's seat; one of another room is said to be that", () => {
  ctrl.read("2027 70002");
  expect(ctrl.chosen.value?.seat.session?.who.session_id).toBe(2);
  ctrl.read("2027-79999");
  expect(ctrl.slip.value).toBe("2027-79999");
  expect(ctrl.chosen.value?.seat.session?.who.session_id).toBe(2);
  ctrl.read("2027-70001");
  expect([ctrl.slip.value, ctrl.chosen.value?.seat.session?.who.session_id]).toEqual([null, 1]);
});
