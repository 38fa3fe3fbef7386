// A room of sixty as it is drawn: an event touches its own seat alone; several seats are chosen by keys and acted on.
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Snapshot } from "../../src/common/wire";
import { Console } from "../../src/console/ctrl/console";
import { App } from "../../src/console/view/App";
import type { Listener } from "../../src/common/stream";
import { ago, makeSeat, makeSession, makeSnapshot } from "./factory";

const ROWS = 6;
const COLUMNS = 10;
const seats = Array.from({ length: ROWS * COLUMNS }, (_each, i) => makeSeat(i + 1, Math.floor(i / COLUMNS) + 1, (i % COLUMNS) + 1, makeSession(i + 1)));

interface Sent {
  readonly url: string;
  readonly body: Record<string, unknown>;
}

let root: HTMLElement;
let ctrl: Console;
let line: Listener;
let sent: Sent[];

async function open(snapshot: Snapshot): Promise<void> {
  sent = [];
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    if (init?.method !== "POST") return Response.json(snapshot);
    const body = JSON.parse(String(init.body)) as Record<string, unknown>;
    sent.push({ url, body });
    const ids = body["session_ids"] as number[];
    return Response.json({ lines: ids.map((session_id, i) => ({ session_id, seat: String(session_id), is_done: i === 0, note: "Not possible now" })) });
  });
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  ctrl = new Console("1", (_ticket, listener) => {
    line = listener;
    return { close: () => undefined };
  });
  await act(async () => {
    render(<App ctrl={ctrl} />, root);
    await ctrl.start();
    line.onOpen();
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  root = document.body.appendChild(document.createElement("div"));
});

afterEach(() => {
  ctrl.stop();
  render(null, root);
  root.remove();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const seat = (id: number) => root.querySelector<HTMLElement>(`#seat-${id}`) as HTMLElement;
const press = (id: number, key: string, shiftKey = false) =>
  act(() => void seat(id).dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true })));

/** The seats in whose part of the page anything was changed by `doing`. */
async function touched(doing: () => void): Promise<Set<string>> {
  const found = new Set<string>();
  const watch = new MutationObserver((changes) => {
    for (const { target } of changes) {
      const element = target instanceof Element ? target : target.parentElement;
      const id = element?.closest("[data-seat]")?.id;
      if (id) found.add(id);
    }
  });
  watch.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
  await act(async () => doing());
  await Promise.resolve();
  watch.disconnect();
  return found;
}

describe("a room of sixty", () => {
  test("an answer changes the page at its own seat and nowhere else on the plan", async () => {
    await open(makeSnapshot(seats));
    const progress = { ...makeSession(7).progress, answered: 4 };
    const frame = { v: 8, name: "session:changed", body: { session_id: 7, progress } } as const;
    expect(await touched(() => line.onEvents({ epoch: "e1", topic: "room:1", events: [frame] }))).toEqual(new Set(["seat-7"]));
  });

  test("a sign of life that tells nothing new changes nothing on the plan", async () => {
    await open(makeSnapshot(seats));
    const presence = { ...makeSession(9).presence, seen_at: ago(0) };
    expect(await touched(() => line.onSeen({ session_id: 9, presence }))).toEqual(new Set());
  });

  test("who leaves the window is seen at the seat and among those who want the proctor", async () => {
    await open(makeSnapshot(seats));
    const presence = { ...makeSession(9).presence, lost_focus: 3, away_since: ago(0) };
    expect(await touched(() => line.onSeen({ session_id: 9, presence }))).toEqual(new Set(["seat-9"]));
    expect(seat(9).querySelector(".mark--alarm")?.textContent).toBe("3");
    expect(root.querySelector(".needs")?.textContent).toContain("9");
    await act(() => ctrl.choose(9));
    expect(root.querySelector(".needs")).toBeNull(); // looked at; the sign stays, and is urgent when it grows
    expect(seat(9).querySelector(".mark--warn")?.textContent).toBe("3");
  });
});

describe("several seats", () => {
  test("Shift with Space and arrows chooses them, one press acts on all, and the result is told seat by seat", async () => {
    await open(makeSnapshot(seats));
    await press(1, " ", true);
    await press(1, "ArrowRight", true);
    await press(2, "ArrowDown", true);
    expect(ctrl.bulk.ids.value).toEqual([1, 2, 12]);
    await act(async () => {
      ctrl.bulk.open("pause");
      await ctrl.bulk.hold("pause", "Power failure");
    });
    expect(sent).toEqual([{ url: "/proctor/rooms/1/seats/pause", body: { reason: "Power failure", session_ids: [1, 2, 12] } }]);
    expect(root.querySelector(".bulk__lines")?.textContent).toMatch(/1.*Seat 2: Not possible now.*Seat 12/);
  });

  test("all that pass the filter are chosen at once, and left at once", async () => {
    await open(makeSnapshot(seats));
    await act(() => void (ctrl.query.value = "4"));
    ctrl.bulk.pickShown();
    expect(ctrl.bulk.ids.value).toEqual([4]);
    ctrl.bulk.pickShown();
    expect(ctrl.bulk.ids.value).toEqual([]);
  });

  test("a message that met no server keeps its key for the next press", async () => {
    await open(makeSnapshot(seats));
    ctrl.bulk.toggle(1);
    const real = globalThis.fetch;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      if (init?.method !== "POST") return real(url, init);
      sent.push({ url, body: JSON.parse(String(init.body)) as Record<string, unknown> });
      throw new TypeError("no network");
    });
    const press_send = () => ctrl.bulk.message({ text: "Wait", code: null, key: "", ...ctrl.drafts.get("bulk/message", {}) });
    await act(press_send);
    await act(press_send);
    expect(sent).toHaveLength(2);
    expect(sent[0]?.body["key"]).toBe(sent[1]?.body["key"]);
    expect(sent[0]?.body["key"]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("another computer", () => {
  const claim = { id: 5, address: "10.0.0.9", browser: "Mozilla/5.0 Chrome/130.0", asked_at: ago(4), home_seat: "12" };

  async function asked(): Promise<void> {
    const session = makeSession(3);
    const asking = { ...session, progress: { ...session.progress, claims: 1 } };
    await open(makeSnapshot(seats.map((each) => (each.seat_id === 3 ? { ...each, session: asking } : each))));
    const post = fetch;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
      if (url.endsWith("/devices")) return Response.json({ devices: [], waiting: [claim] });
      if (!url.includes("/devices/")) return post(url, init);
      sent.push({ url, body: JSON.parse(String(init?.body)) as Record<string, unknown> });
      return Response.json({ clause: "DC-10", note: "Done" });
    });
    await act(() => ctrl.choose(3));
    await act(async () => void (await vi.advanceTimersByTimeAsync(200))); // what the panel asks for is here
  }

  test("is seen at the seat, and one press of a reason moves the test there", async () => {
    await asked();
    expect(seat(3).querySelector(".mark--alarm")).not.toBeNull();
    expect(root.querySelector(".needs")?.textContent).toContain("3");
    const panel = root.querySelector(".calling");
    expect(panel?.textContent).toContain("10.0.0.9");
    expect(panel?.querySelector(".devices__astray")?.textContent).toContain("12");
    await act(async () => {
      panel?.querySelector<HTMLElement>(".chip")?.click();
      panel?.querySelector<HTMLElement>(".chip")?.click();
      await vi.advanceTimersByTimeAsync(10);
    });
    expect(sent).toEqual([{ url: "/proctor/rooms/1/sessions/3/devices/5", body: { lets_in: true, reason: "Computer fault" } }]);
  });

  test("is refused with a press, and the reason is written by itself if there is none", async () => {
    await asked();
    await act(async () => {
      root.querySelector<HTMLElement>(".calling .govuk-button--secondary")?.click();
      await vi.advanceTimersByTimeAsync(10);
    });
    expect(sent[0]?.body).toEqual({ lets_in: false, reason: "Not the candidate of this seat" });
  });
});
