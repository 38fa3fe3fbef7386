// The observer's page: figures and states of a room, fetched anew when it has changed, at most once a second.
import { render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Listener } from "../../src/common/stream";
import type { WatchView } from "../../src/common/wire";
import { Watch } from "../../src/observer/ctrl";
import { App } from "../../src/observer/view/App";

let view: WatchView;
let fetched: number;
let posted: string[];
let line: Listener | undefined;
let ctrl: Watch;
let verdict: Response | null;

const seat = (number: string, col: number, state: "working" | "paused" | "free", is_late = false) => ({ number, row: 1, col, state, is_late });

beforeEach(async () => {
  vi.useFakeTimers();
  [fetched, posted, verdict] = [0, [], null];
  view = {
    epoch: "e1", v: 7, topic: "watch:1", ticket: "t", realtime_origin: null, now: new Date().toISOString(),
    room: "12", centre: "Centre 7", sitting_title: "Test", state: "running", starts_at: "2026-05-12T03:00:00Z",
    started_at: "2026-05-12T03:00:00Z", late_until: null, ends_at: "2026-05-12T07:00:00Z",
    seats: [seat("1", 1, "working"), seat("2", 2, "paused", true), seat("3", 3, "free")],
    events: [{ at: "2026-05-12T03:10:00Z", act: "paused", seats: ["2"] }],
    incidents: [
      { kind: "Technical", began_at: "2026-05-12T03:20:00Z", ended_at: null, is_whole: true },
      { kind: "Environment", began_at: "2026-05-12T03:05:00Z", ended_at: "2026-05-12T03:09:30Z", is_whole: false },
    ],
    remarks: [], clause: { id: "CS-3", title: "Observers" },
  };
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (init.method === "POST") return posted.push(`${url} ${String(init.body)}`), verdict ?? new Response(null, { status: 204 });
    fetched += 1;
    return new Response(JSON.stringify(view));
  });
  ctrl = new Watch("1", (_ticket, listener) => ((line = listener), { close: () => undefined }));
  await ctrl.start();
  line?.onOpen();
});

afterEach(() => {
  ctrl.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function page(): HTMLElement {
  const root = document.body.appendChild(document.createElement("div"));
  render(<App ctrl={ctrl} />, root);
  return root;
}

test("CS-3: seats are told by their states, counted, and what happened by its places", () => {
  const root = page();
  const states = [...root.querySelectorAll("[data-state]")].map((each) => each.getAttribute("data-state"));
  expect(states).toEqual(["working", "paused", "free"]);
  expect(root.querySelector("[data-count=working] dd")?.textContent).toBe("1");
  expect(root.querySelector("[data-count=late] dd")?.textContent).toBe("1");
  expect(root.textContent).toContain("Paused: seat 2");
});

test("CS-3: incidents are told by kind and duration; one that lasts is counted on", () => {
  ctrl.now.value = Date.parse("2026-05-12T03:22:05Z");
  const told = [...page().querySelectorAll("[data-incident]")].map((each) => each.textContent);
  expect(told[0]).toContain("Technical · the whole room · lasts 02:05 so far");
  expect(told[1]).toContain("Environment · one place · over, lasted 04:30");
});

test("a pulse ahead fetches the view, however often it comes not twice in a second", async () => {
  const pulse = (v: number) => line?.onPulse({ epoch: "e1", topic: "watch:1", v });
  pulse(7);
  await vi.advanceTimersByTimeAsync(1500);
  expect(fetched).toBe(1);
  view = { ...view, v: 9, state: "closed" };
  pulse(8);
  pulse(9);
  await vi.advanceTimersByTimeAsync(0);
  pulse(9);
  await vi.advanceTimersByTimeAsync(1500);
  expect([fetched, ctrl.view.value?.state]).toEqual([2, "closed"]);
});

test("where the edition shows neither seats nor events, none are drawn", () => {
  ctrl.view.value = { ...view, seats: null, events: null, incidents: null };
  const root = page();
  expect(root.querySelector("[data-incident]")).toBeNull();
  expect(root.querySelector("[data-state]")).toBeNull();
  expect(root.textContent).not.toContain("What happened");
});

test("a remark is posted once, and stays in its field where it was refused", async () => {
  ctrl.draft.value = "  The door stood open. ";
  const sent = ctrl.remark();
  void ctrl.remark();
  await vi.advanceTimersByTimeAsync(1500);
  await sent;
  expect(posted).toEqual(['/observe/rooms/1/remarks {"text":"The door stood open."}']);
  expect(ctrl.draft.value).toBe("");
  verdict = new Response(JSON.stringify({ error: { code: "remarks_too_many", message: "Too many.", clause: null } }), { status: 422 });
  ctrl.draft.value = "More";
  await ctrl.remark();
  expect([ctrl.trouble.value?.message, ctrl.draft.value]).toEqual(["Too many.", "More"]);
});
