import { describe, expect, it } from "vitest";
import { openOutbox } from "../../src/common/outbox";
import type { Answer } from "../../src/common/wire";
import { Runner } from "../../src/runner/ctrl";
import { eachOnItsOwn, live, open, running, server, settle } from "./running";
import { option } from "./server";

eachOnItsOwn();

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
