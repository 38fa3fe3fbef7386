import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MemoryOutbox } from "../../src/common/outbox";
import type { Answer, RunnerState } from "../../src/common/wire";
import { takeState } from "../../src/runner/api";
import { Runner } from "../../src/runner/ctrl";
import { FakeServer } from "./server";

let server: FakeServer;
let runner: Runner | null = null;

function bring(state: RunnerState, age_ms: number): void {
  const place = document.createElement("script");
  place.type = "application/json";
  place.id = "state";
  place.textContent = JSON.stringify(state);
  document.body.append(place);
  vi.spyOn(performance, "now").mockReturnValue(1000 + age_ms);
  vi.spyOn(performance, "getEntriesByType").mockReturnValue([{ responseStart: 1000 } as unknown as PerformanceEntry]);
}

beforeEach(() => {
  server = new FakeServer();
});

afterEach(() => {
  runner?.stop();
  document.getElementById("state")?.remove();
});

describe("what came with the page", () => {
  it("is shown without asking the server, its clock as old as the page", async () => {
    const state = server.state();
    bring(state, 700);
    runner = new Runner(new MemoryOutbox<Answer>());
    expect(await runner.begin()).toBe(true);
    expect(runner.screen.value).toBe("exam");
    expect(runner.step?.seq).toBe(1);
    expect(runner.state.value?.clock.remaining_ms).toBe((state.clock.remaining_ms ?? 0) - 700);
    expect(server.count("GET /exam/state")).toBe(0);
  });

  it("counts once, and not when it has grown old", async () => {
    bring(server.state(), 700);
    expect(takeState()).not.toBeNull();
    expect(takeState()).toBeNull();
    bring(server.state(), 60_000);
    runner = new Runner(new MemoryOutbox<Answer>());
    expect(await runner.begin()).toBe(false);
    expect(runner.screen.value).toBe("loading");
  });
});
