import { describe, expect, it, onTestFinished } from "vitest";
import { spoken } from "../../src/common/dom";
import { eachOnItsOwn, live, open, server, settle } from "./running";
import { option } from "./server";

eachOnItsOwn();

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
