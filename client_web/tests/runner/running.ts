import { afterEach, beforeEach, vi } from "vitest";
import { openOutbox } from "../../src/common/outbox";
import type { Answer } from "../../src/common/wire";
import { Runner } from "../../src/runner/ctrl";
import { Presence } from "../../src/runner/presence";
import { FakeServer } from "./server";

export const running: Runner[] = [];

/** A runner in a page of its own, which has asked the server for its state. */
export async function open(presence = new Presence()): Promise<Runner> {
  const runner = new Runner(await openOutbox<Answer>("test"), presence);
  running.push(runner);
  await runner.refresh();
  return runner;
}

/** Lets the page live on for a while: timers, storage and replies. */
export const live = (ms: number) => vi.advanceTimersByTimeAsync(ms);
export const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((done) => setImmediate(done));
};

export let server: FakeServer;

/** Before each test of the file a new server, and a clock that stands; after it every runner is stopped. */
export function eachOnItsOwn(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
    server = new FakeServer();
  });
  afterEach(() => {
    for (const runner of running.splice(0)) runner.stop();
    vi.useRealTimers();
  });
}
