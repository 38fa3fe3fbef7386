// Acts: once at a time, failures told with their clause, drafts kept, a dead line noticed.
import { afterEach, describe, expect, test, vi } from "vitest";
import { Refusal, Unreachable } from "../../src/common/api";
import type { Listener } from "../../src/common/stream";
import { Acts } from "../../src/console/ctrl/acts";
import { Drafts } from "../../src/console/ctrl/drafts";
import { watched } from "../../src/console/ctrl/watchdog";

const done = () => ({ note: "Done.", clause: null });

describe("acts", () => {
  test("a second press while the first is under way does nothing", async () => {
    const acts = new Acts();
    const ask = vi.fn(() => new Promise<number>((resolve) => setTimeout(() => resolve(1), 5)));
    const [first, second] = await Promise.all([acts.run("1/admit", ask, done), acts.run("1/admit", ask, done)]);
    expect([first, second]).toEqual([1, null]);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(acts.of("1/admit").done?.note).toBe("Done.");
  });

  test("a refusal keeps its sentence and clause", async () => {
    const acts = new Acts();
    const refusal = new Refusal(403, { code: "late_arrival", message: "Too late.", clause: "DC-16" });
    expect(await acts.run("1/admit", () => Promise.reject(refusal), done)).toBeNull();
    expect(acts.of("1/admit").trouble).toEqual({ message: "Too late.", clause: "DC-16", needsReload: false });
  });

  test("an old page asks to be reloaded; a dead network does not", async () => {
    const acts = new Acts();
    await acts.run("a", () => Promise.reject(new Refusal(403, { code: "page_is_old", message: "Old.", clause: null })), done);
    await acts.run("b", () => Promise.reject(new Unreachable("gone")), done);
    expect(acts.of("a").trouble?.needsReload).toBe(true);
    expect(acts.of("b").trouble?.needsReload).toBe(false);
  });

  test("a new act ends the telling of what was done, not of what failed", async () => {
    const acts = new Acts();
    await acts.run("a", () => Promise.resolve(1), done);
    await acts.run("b", () => Promise.reject(new Unreachable("gone")), done);
    await acts.run("c", () => Promise.resolve(1), done);
    expect(acts.of("a").done).toBeNull();
    expect(acts.of("b").trouble).not.toBeNull();
  });
});

describe("drafts", () => {
  test("survive a reload, but the number of a document does not leave the memory", () => {
    const kept = new Map<string, string>();
    const shelf = { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, text: string) => void kept.set(name, text) };
    const before = new Drafts("1", shelf);
    before.set("5/remove", { narrative: "A phone" });
    before.set("5/identity", { number: "AN123" });
    const after = new Drafts("1", shelf);
    expect(after.get("5/remove", { narrative: "", statement: "" })).toEqual({ narrative: "A phone", statement: "" });
    expect(after.has("5/identity")).toBe(false);
    expect(before.get("5/identity", { number: "" }).number).toBe("AN123");
    after.drop("5/remove");
    expect(new Drafts("1", shelf).has("5/remove")).toBe(false);
  });

  test("a broken shelf is an empty one", () => {
    expect(new Drafts("1", { getItem: () => "{", setItem: () => undefined }).has("x")).toBe(false);
  });
});

describe("watchdog", () => {
  afterEach(() => void vi.useRealTimers());

  test("silence closes the line; each word postpones it", () => {
    vi.useFakeTimers();
    const close = vi.fn();
    const onClose = vi.fn();
    let line: Listener | undefined;
    const silent = { onOpen: () => undefined, onEvents: () => undefined, onSeen: () => undefined, onPulse: () => undefined, onClose };
    watched((_ticket, listener) => ((line = listener), { close }), 13_000, () => undefined)("t", silent, null);
    line?.onOpen();
    vi.advanceTimersByTime(12_000);
    line?.onPulse({ epoch: "e", topic: "t", v: 1 });
    vi.advanceTimersByTime(12_000);
    expect(onClose).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2000);
    expect(close).toHaveBeenCalledTimes(1);
    expect(onClose).toHaveBeenCalledTimes(1);
  });
});
