// The clock shows 0:00 and the server has not decided yet: the page is heard, keeps its answer, and asks until it knows (DC-12).
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openOutbox } from "../../src/common/outbox";
import type { Answer } from "../../src/common/wire";
import { Runner } from "../../src/runner/ctrl";
import { FakeServer, option } from "./server";

const SETTLE_MS = 2000;
let server: FakeServer;
let runner: Runner;

const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((done) => setImmediate(done));
};
const live = async (ms: number) => {
  await settle();
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
};

/** The last second passes with something chosen and not sent. */
async function runOut(): Promise<void> {
  server.remaining_ms = 1000;
  await runner.refresh();
  runner.edit(option("b"));
  server.remaining_ms = 0;
  await live(1100);
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  server = new FakeServer();
  runner = new Runner(await openOutbox<Answer>("run-out"));
});

afterEach(() => {
  runner.stop();
  vi.useRealTimers();
});

describe("time that has run out and is not decided", () => {
  it("keeps the answer, is heard, and asks again until it knows", async () => {
    await runOut();
    const [beats, asked] = [server.beats.length, server.count("GET /exam/state")];
    for (let n = 0; n < 4; n += 1) await live(SETTLE_MS);
    expect([runner.isLocked.value, runner.network.line.value, runner.step, server.saved.size]).toEqual([true, "held", null, 0]);
    expect(server.beats.length).toBeGreaterThan(beats);
    expect(server.count("GET /exam/state")).toBeGreaterThan(asked + 2);
  });

  it("sends the kept answer once, under its key, when time was given back", async () => {
    await runOut();
    server.phase = "paused";
    server.times = { ...server.times, is_held: true };
    await live(SETTLE_MS);
    await live(SETTLE_MS);
    expect([runner.state.value?.times.is_held, runner.network.line.value, server.saved.size]).toEqual([true, "held", 0]);
    server.phase = "running";
    server.times = { ...server.times, is_held: false, given_s: 300 };
    server.remaining_ms = 300_000;
    for (let n = 0; n < 4; n += 1) await live(SETTLE_MS);
    expect([...server.saved.values()]).toMatchObject([{ seq: 1, given: option("b") }]);
    expect(new Set(server.arrived.map(({ key }) => key)).size).toBe(1);
    expect([runner.isLocked.value, runner.step?.seq]).toEqual([false, 2]);
  });

  it("is told that the answer came too late where nothing was given back", async () => {
    await runOut();
    server.phase = "between";
    for (let n = 0; n < 4; n += 1) await live(SETTLE_MS);
    expect([runner.state.value?.clock.phase, runner.isLocked.value, runner.draft.value, server.saved.size]).toEqual(["between", false, null, 0]);
    expect(runner.refusal.value?.code).toBe("time_is_up");
  });

  it("asks until it knows where the whole ran out between two subjects", async () => {
    server.phase = "between";
    server.remaining_ms = 0;
    await runner.refresh();
    const asked = server.count("GET /exam/state");
    for (let n = 0; n < 4; n += 1) await live(SETTLE_MS);
    expect(server.count("GET /exam/state")).toBeGreaterThan(asked + 2);
    server.phase = "submitted";
    await live(SETTLE_MS);
    expect(runner.state.value?.clock.phase).toBe("submitted");
  });
});
