import { describe, expect, it, vi } from "vitest";
import { spoken } from "../../src/common/dom";
import { openOutbox } from "../../src/common/outbox";
import type { Answer } from "../../src/common/wire";
import { Runner } from "../../src/runner/ctrl";
import { eachOnItsOwn, live, open, running, server, settle } from "./running";
import { TEXT, option } from "./server";

eachOnItsOwn();

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
