import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { spoken } from "../../src/common/dom";
import { openOutbox } from "../../src/common/outbox";
import type { Answer } from "../../src/common/wire";
import { Runner } from "../../src/runner/ctrl";
import { Presence } from "../../src/runner/presence";
import { FakeServer, TEXT, option } from "./server";

const running: Runner[] = [];

async function open(presence = new Presence()): Promise<Runner> {
  const runner = new Runner(await openOutbox<Answer>("test"), presence);
  running.push(runner);
  await runner.refresh();
  return runner;
}

/** Lets the page live on for a while: timers, storage and replies. */
const live = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((done) => setImmediate(done));
};

let server: FakeServer;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  server = new FakeServer();
});

afterEach(() => {
  for (const runner of running.splice(0)) runner.stop();
  vi.useRealTimers();
});

describe("time beside the limits (DC-12)", () => {
  it("shows time given back with the next sign of life, its clock too, and tells it once", async () => {
    const runner = await open();
    server.remaining_ms += 600_000;
    server.times = { given_s: 600, plays_given: 0, break_left_s: null, break_ends_in_ms: null, is_held: false };
    await live(4100);
    expect(runner.state.value?.times).toEqual({ given_s: 600, plays_given: 0, break_left_s: 0, break_ends_in_ms: null, is_held: false });
    expect(runner.countdown.seconds.value).toBeGreaterThan(3600);
    expect(spoken.value).toContain("10:00");
  });

  it("a break counts down to its end and can be ended before", async () => {
    server.times = { given_s: 0, plays_given: 0, break_left_s: 600, break_ends_in_ms: null, is_held: false };
    const runner = await open();
    await runner.takeBreak();
    expect(runner.state.value?.clock.phase).toBe("paused");
    expect(runner.breakLeft.seconds.value).toBe(600);
    await runner.goOn();
    expect(runner.state.value?.clock.phase).toBe("running");
    expect(runner.breakLeft.seconds.value).toBeNull();
  });
});

describe("signing in", () => {
  it("shows the form, then the exam", async () => {
    server.is_signed_in = false;
    const runner = await open();
    expect(runner.screen.value).toBe("sign_in");
    await runner.signIn("KG-1", "code");
    expect(runner.screen.value).toBe("exam");
    expect(runner.state.value?.name).toBe("Asanova Begimai");
  });

  it("says what the server refused and stays at the form", async () => {
    server.is_signed_in = false;
    const runner = await open();
    server.fail("sign-in", { status: 403, code: "wrong_code" });
    await runner.signIn("KG-1", "nonsense");
    expect(runner.screen.value).toBe("sign_in");
    expect(runner.refusal.value?.message).toBe("said: wrong_code");
  });

  it("is refused on a second device", async () => {
    server.fail("state", { status: 409, code: "other_device" });
    const runner = await open();
    expect(runner.screen.value).toBe("other_device");
  });

  it("waits for the network and opens by itself", async () => {
    server.fail("state", "network", "gateway", "network");
    const runner = await open();
    expect([runner.screen.value, runner.network.line.value]).toEqual(["loading", "connected"]);
    await live(2100);
    expect([runner.screen.value, runner.network.line.value]).toEqual(["loading", "waiting"]);
    await live(3000);
    await settle();
    expect([runner.screen.value, runner.network.line.value]).toEqual(["exam", "connected"]);
  });
});

describe("answering", () => {
  it("shows the next item only after the acknowledgement", async () => {
    const runner = await open();
    runner.edit(option("b"));
    const sent = runner.submit();
    expect([runner.isLocked.value, runner.network.line.value, runner.step?.seq]).toEqual([true, "saving", 1]);
    await sent;
    expect([runner.isLocked.value, runner.network.line.value, runner.step?.seq]).toEqual([false, "saved", 2]);
    expect(runner.draft.value).toBeNull();
    expect([...server.saved.values()]).toMatchObject([{ section_id: 1, seq: 1, given: option("b") }]);
    expect(spoken.value).toContain("saved");
  });

  it("tells how long was spent, by the steady clock", async () => {
    const runner = await open();
    await live(12_000);
    vi.setSystemTime(new Date("1980-01-01"));
    runner.edit(option("a"));
    await runner.submit();
    expect(server.arrived[0]?.spent_ms).toBeGreaterThanOrEqual(12_000);
    expect(server.arrived[0]?.spent_ms).toBeLessThan(13_000);
  });

  it("asks before a blank answer, then sends it as blank", async () => {
    const runner = await open();
    await runner.submit();
    expect([runner.isConfirming.value, server.arrived.length]).toEqual([true, 0]);
    await runner.submit(true);
    expect(server.arrived).toMatchObject([{ given: null }]);
    expect(runner.isConfirming.value).toBe(false);
  });

  it("sends text trimmed, and takes spaces for blank", async () => {
    server.item = TEXT;
    const runner = await open();
    runner.edit({ kind: "text", text: "   " });
    await runner.submit();
    expect(runner.isConfirming.value).toBe(true);
    runner.edit({ kind: "text", text: " Бишкек " });
    await runner.submit();
    expect(server.arrived).toMatchObject([{ given: { kind: "text", text: "Бишкек" } }]);
  });

  it("sends once however often Next is pressed", async () => {
    const runner = await open();
    runner.edit(option("a"));
    await Promise.all([runner.submit(), runner.submit(), runner.submit()]);
    expect(server.arrived).toHaveLength(1);
  });

  it("reaches the end", async () => {
    const runner = await open();
    for (const choice of ["a", "b", "c"]) {
      runner.edit(option(choice));
      await runner.submit();
    }
    await settle();
    expect(runner.state.value?.clock.phase).toBe("submitted");
    expect(server.saved.size).toBe(3);
  });
});

describe("an old reply", () => {
  it("does not bring back an item that has been answered since", async () => {
    const runner = await open();
    let release = () => undefined as void;
    server.slow = { path: "state", until: new Promise((done) => (release = done)) };
    const refreshed = runner.refresh();
    runner.edit(option("a"));
    await runner.submit();
    expect(runner.step?.seq).toBe(2);
    const seen: (number | undefined)[] = [];
    const stop = runner.state.subscribe((state) => seen.push(state?.step?.seq));
    server.slow = null;
    release();
    await refreshed;
    stop();
    expect(new Set(seen)).toEqual(new Set([2]));
    expect(runner.isLocked.value).toBe(false);
  });

  it("does not unlock an answer that is still being stored", async () => {
    const outbox = await openOutbox<Answer>("test");
    const runner = new Runner(outbox);
    running.push(runner);
    await runner.refresh();
    vi.spyOn(outbox, "put").mockReturnValue(new Promise(() => undefined)); // a very slow disk
    runner.edit(option("a"));
    void runner.submit();
    await runner.refresh();
    expect([runner.isLocked.value, runner.draft.value]).toEqual([true, option("a")]);
  });
});

describe("without a network", () => {
  it("keeps the answer locked and retries under the same key until it is saved once", async () => {
    const runner = await open();
    server.fail("answers", "network", "lost reply", "gateway");
    runner.edit(option("c"));
    void runner.submit();
    await settle();
    expect([runner.isLocked.value, runner.network.line.value]).toEqual([true, "saving"]);
    runner.edit(option("a"));
    expect(runner.draft.value).toEqual(option("c"));
    await live(500);
    await settle();
    await live(1000);
    await settle();
    await live(2000);
    await settle();
    expect(new Set(server.arrived.map(({ key }) => key)).size).toBe(1);
    expect(server.arrived).toHaveLength(4);
    expect(server.saved.size).toBe(1);
    expect([runner.isLocked.value, runner.step?.seq]).toEqual([false, 2]);
  });

  it("loses nothing in half an hour, and goes on where it was", async () => {
    server.remaining_ms = 7_200_000;
    const runner = await open();
    server.fail("answers", ...Array<"network">(400).fill("network"));
    server.fail("heartbeat", ...Array<"network">(600).fill("network"));
    runner.edit(option("c"));
    void runner.submit();
    for (let minute = 0; minute < 30; minute += 1) {
      await live(60_000);
      await settle();
    }
    expect([server.saved.size, runner.isLocked.value, runner.draft.value, runner.network.line.value]).toEqual([0, true, option("c"), "called"]);
    expect([5400, 5401]).toContain(runner.countdown.seconds.value);
    server.mend();
    server.remaining_ms = 5_400_000;
    await live(8000);
    await settle();
    expect([...server.saved.values()]).toMatchObject([{ seq: 1, given: option("c") }]);
    expect(new Set(server.arrived.map(({ key }) => key)).size).toBe(1);
    expect([runner.step?.seq, runner.network.line.value]).toEqual([2, "saved"]);
  });

  it("hands over what was chosen when the time ran out during a cut, as soon as it is over", async () => {
    server.remaining_ms = 60_000;
    const runner = await open();
    runner.edit(option("c"));
    for (const path of ["answers", "heartbeat", "state"]) server.fail(path, ...Array<"network">(99).fill("network"));
    await live(70_000);
    await settle();
    expect([runner.isLocked.value, runner.countdown.seconds.value, server.saved.size]).toEqual([true, 0, 0]);
    server.phase = "between";
    server.mend();
    for (let turn = 0; turn < 9; turn += 1) {
      await live(1000);
      await settle();
    }
    expect(server.arrived.at(-1)).toMatchObject({ seq: 1, given: option("c") });
    expect([runner.isLocked.value, runner.state.value?.clock.phase, runner.refusal.value?.code]).toEqual([false, "between", "time_is_up"]);
  });

  it("signs in by itself when the network is back, as the same sign-in", async () => {
    server.is_signed_in = false;
    const runner = await open();
    server.fail("sign-in", "network", "lost reply", "gateway");
    const signed = runner.signIn("KG-1", "code");
    await live(3000);
    expect([runner.screen.value, runner.isBusy.value, runner.network.line.value]).toEqual(["sign_in", true, "waiting"]);
    await live(1000);
    await settle();
    await signed;
    expect([runner.screen.value, runner.isBusy.value, runner.network.line.value]).toEqual(["exam", false, "connected"]);
    expect(server.count("POST /exam/sign-in")).toBe(4);
    expect(new Set(server.keys).size).toBe(1);
  });

  it("waits for the proctor's word where another computer holds the test, and goes on by itself", async () => {
    server.is_signed_in = false;
    const runner = await open();
    const waits = { status: 403, code: "device_waits" };
    server.fail("sign-in", waits, waits, "network", waits);
    void runner.signIn("KG-1", "code");
    await live(1);
    await settle();
    expect([runner.screen.value, runner.isWaiting.value]).toEqual(["sign_in", true]);
    await live(12_000);
    await settle();
    expect([runner.screen.value, runner.isWaiting.value, runner.isBusy.value]).toEqual(["exam", false, false]);
    expect(server.count("POST /exam/sign-in")).toBe(5);
    expect(new Set(server.keys).size).toBe(1);
  });

  it("asks no more when the candidate does not want to wait, or was refused", async () => {
    server.is_signed_in = false;
    const runner = await open();
    const waits = { status: 403, code: "device_waits" };
    server.fail("sign-in", waits, waits);
    void runner.signIn("KG-1", "code");
    await live(1);
    await settle();
    runner.stopWaiting();
    await live(10_000);
    await settle();
    expect([runner.isWaiting.value, runner.isBusy.value, runner.refusal.value, server.count("POST /exam/sign-in")]).toEqual([false, false, null, 1]);
    server.fail("sign-in", { status: 403, code: "device_refused" });
    void runner.signIn("KG-1", "code");
    await live(10_000);
    await settle();
    expect([runner.isWaiting.value, runner.isBusy.value, runner.refusal.value?.code]).toEqual([false, false, "device_refused"]);
  });

  it("begins a section by itself when the network is back", async () => {
    server.phase = "between";
    const runner = await open();
    server.fail("begin-section", "network", "lost reply");
    void runner.beginSection(1);
    await live(1600);
    await settle();
    expect([runner.state.value?.clock.phase, runner.isBusy.value]).toEqual(["running", false]);
  });

  it("tries at once when the browser says that the network is back", async () => {
    const runner = await open();
    server.fail("answers", "network", "network", "network", "network", "network");
    runner.edit(option("c"));
    void runner.submit();
    for (const wait of [500, 1000, 2000, 4000]) {
      await settle();
      await live(wait);
    }
    await settle();
    expect(server.saved.size).toBe(0);
    runner.hurry();
    await settle();
    expect(server.saved.size).toBe(1);
  });

  it("sends after a reload what was not acknowledged before, as the same answer", async () => {
    const before = await open();
    server.fail("answers", ...Array<"network">(50).fill("network"));
    before.edit(option("d"));
    void before.submit();
    await settle();
    const [first] = server.arrived;
    before.stop();
    server.fail("answers");
    const after = new Runner(await openOutbox<Answer>("test"));
    running.push(after);
    const opened = after.refresh();
    await opened;
    expect([after.isLocked.value, after.draft.value]).toEqual([true, option("d")]);
    for (let turn = 0; turn < 60; turn += 1) {
      await settle();
      await live(8000);
    }
    await settle();
    expect([...server.saved.values()]).toEqual([first]);
    expect([after.isLocked.value, after.step?.seq]).toEqual([false, 2]);
  });

  it("does not send one candidate's answer in the name of the next", async () => {
    const before = await open();
    server.fail("answers", { status: 401, code: "not_signed_in" });
    before.edit(option("d"));
    await before.submit();
    expect(before.screen.value).toBe("sign_in");
    before.stop();
    server.session_id = 8;
    const after = await open();
    await settle();
    expect(after.isLocked.value).toBe(false);
    expect(server.saved.size).toBe(0);
  });
});

describe("what the server decides", () => {
  it("fetches the state when the step is past", async () => {
    const runner = await open();
    server.seq = 2;
    runner.edit(option("a"));
    await runner.submit();
    await settle();
    expect([runner.step?.seq, runner.isLocked.value, runner.refusal.value]).toEqual([2, false, null]);
  });

  it("keeps the answer through a pause and sends it after", async () => {
    const runner = await open();
    server.phase = "paused";
    runner.edit(option("b"));
    await runner.submit();
    await settle();
    expect([runner.state.value?.clock.phase, runner.network.line.value]).toEqual(["paused", "held"]);
    server.phase = "running";
    await live(4100);
    await settle();
    expect(server.saved.size).toBe(1);
    expect([runner.step?.seq, runner.isLocked.value]).toEqual([2, false]);
  });

  it("keeps what was being thought about through a pause", async () => {
    const runner = await open();
    runner.edit(option("b"));
    server.phase = "paused";
    await live(4100);
    await settle();
    expect(runner.state.value?.clock.phase).toBe("paused");
    server.phase = "running";
    await live(4100);
    await settle();
    expect(runner.draft.value).toEqual(option("b"));
  });

  it("lets an invalid answer be given again", async () => {
    const runner = await open();
    server.fail("answers", { status: 422, code: "payload" });
    runner.edit(option("b"));
    await runner.submit();
    await settle();
    expect([runner.isLocked.value, runner.draft.value, runner.refusal.value?.code]).toEqual([false, option("b"), "payload"]);
  });

  it("retries when two requests met on the server", async () => {
    const runner = await open();
    server.fail("answers", { status: 409, code: "changed_meanwhile" });
    runner.edit(option("b"));
    void runner.submit();
    await settle();
    await live(500);
    await settle();
    expect(runner.step?.seq).toBe(2);
  });

  it("sends what is chosen when the time runs out, and asks what follows", async () => {
    server.remaining_ms = 3000;
    const runner = await open();
    runner.edit(option("b"));
    await live(3010);
    await settle();
    expect(server.saved.size).toBe(1);
    server.phase = "between";
    await live(2500);
    await settle();
    expect(runner.state.value?.clock.phase).toBe("between");
  });

  it("says that an answer came too late", async () => {
    const runner = await open();
    server.phase = "between";
    runner.edit(option("a"));
    await runner.submit();
    await settle();
    expect(runner.state.value?.clock.phase).toBe("between");
    expect([runner.refusal.value?.code, runner.isLocked.value]).toEqual(["time_is_up", false]);
  });

  it("does not send a late answer again when its countdown ends", async () => {
    server.remaining_ms = 3000;
    const runner = await open();
    server.phase = "between";
    server.slow = { path: "state", until: new Promise<void>(() => undefined) };
    runner.edit(option("a"));
    await runner.submit();
    await live(3010);
    await settle();
    expect(server.arrived).toHaveLength(1);
  });

  it("leaves that to be read though the state is being fetched at the same moment", async () => {
    server.fail("answers", "network");
    const runner = await open();
    runner.edit(option("a"));
    void runner.submit();
    await settle();
    server.phase = "between";
    let arrive = () => {};
    server.slow = { path: "state", until: new Promise<void>((resolve) => (arrive = resolve)) };
    void runner.refresh();
    await settle();
    runner.hurry();
    await settle();
    arrive();
    await settle();
    expect([runner.state.value?.clock.phase, runner.refusal.value?.code]).toEqual(["between", "time_is_up"]);
    await runner.beginSection(1);
    expect([runner.state.value?.clock.phase, runner.refusal.value]).toEqual(["running", null]);
  });

  it("frees the computer for the next candidate once the test is over", async () => {
    server.phase = "submitted";
    const runner = await open();
    await runner.signOut();
    expect([runner.screen.value, server.is_signed_in]).toEqual(["sign_in", false]);
    await live(60_000);
    expect(server.count("GET /exam/state")).toBe(1);
  });

  it("is removed at the next heartbeat, and then is silent", async () => {
    const runner = await open();
    server.phase = "removed";
    await live(4100);
    await settle();
    expect(runner.state.value?.clock.phase).toBe("removed");
    const beats = server.beats.length;
    await live(20_000);
    expect(server.beats).toHaveLength(beats);
  });

  it("shows the grades when they are released", async () => {
    server.phase = "submitted";
    const runner = await open();
    server.result = { grades: [], is_eligible: true, decision: "yes", reasons: [], clause: "DC-21" };
    await live(31_000);
    await settle();
    expect(runner.state.value?.result?.is_eligible).toBe(true);
  });
});

describe("the heartbeat", () => {
  it("tells of lost focus and of what is unsent", async () => {
    const runner = await open();
    server.fail("answers", ...Array<"network">(9).fill("network"));
    runner.edit(option("a"));
    void runner.submit();
    await settle();
    await live(4100);
    expect(server.beats[0]).toEqual({ leavings: [], is_away: false, battery: null, unsent: 1, shown_message_id: null, read_message_id: null });
  });

  it.each([
    [600_000, true, 1],
    [30_000, true, 2],
    [0, true, 2],
    [30_000, false, 1],
  ])("asks twice as often once the room may start at any moment (%s ms to go, admitted: %s)", async (remaining_ms, is_admitted, beats) => {
    Object.assign(server, { phase: "waiting", remaining_ms, is_admitted });
    await open();
    await live(4100);
    expect(server.beats).toHaveLength(beats);
  });

  it("asks several times a second while the proctor considers a removal", async () => {
    await open();
    server.is_watched = true;
    await live(4100);
    await live(2000);
    expect(server.beats.length).toBeGreaterThanOrEqual(5);
  });

  it("brings the proctor's message, and tells that it was read", async () => {
    const runner = await open();
    server.message = { id: 5, text: "Ten minutes", sent_at: "2026-05-20T03:00:00Z" };
    await live(4100);
    await settle();
    expect(runner.message.value?.text).toBe("Ten minutes");
    runner.readMessage();
    await settle();
    expect(runner.message.value).toBeNull();
    expect(server.beats.at(-1)?.read_message_id).toBe(5);
    await live(4100);
    expect(runner.message.value).toBeNull();
  });

  it("says nothing of a hiccup, soon to keep working, after a minute that the proctor is called, and that it is over", async () => {
    const runner = await open();
    const said: string[] = [];
    onTestFinished(spoken.subscribe((words) => said.push(words)));
    const lines = () => [runner.network.line.value, said.at(-1)?.trim()];
    server.fail("heartbeat", "network");
    await live(5000);
    await settle();
    expect([runner.network.line.value, said.length]).toEqual(["connected", 1]);
    server.fail("heartbeat", ...Array<"network">(20).fill("network"));
    await live(5000);
    await settle();
    expect(runner.network.line.value).toBe("connected");
    await live(2000);
    expect(lines()).toEqual(["waiting", "Waiting for the network: keep working"]);
    const before = said.length;
    await live(58_000);
    await settle();
    expect([runner.network.line.value, said.length]).toEqual(["waiting", before]);
    await live(2000);
    expect(lines()).toEqual(["called", "There is still no network. The proctor has been called."]);
    await live(40_000);
    await settle();
    expect(lines()).toEqual(["connected", "The network is back."]);
  });

  it("tells of a line so slow that nothing comes back", async () => {
    const runner = await open();
    let arrive = () => {};
    server.slow = { path: "answers", until: new Promise<void>((resolve) => (arrive = resolve)) };
    runner.edit(option("a"));
    void runner.submit();
    await settle();
    await live(3900);
    expect(runner.network.line.value).toBe("saving");
    await live(200);
    expect(runner.network.line.value).toBe("waiting");
    server.slow = null;
    arrive();
    await settle();
    expect([runner.network.line.value, spoken.value]).toEqual(["saved", expect.stringContaining("saved")]);
  });

  it("stops in a tab that another has taken over from, whatever still arrives", async () => {
    const runner = await open();
    const late = runner.refresh();
    runner.stop();
    await late;
    await live(20_000);
    expect(runner.screen.value).toBe("other_tab");
    expect(server.beats).toHaveLength(0);
  });
});
