import { describe, expect, it, vi } from "vitest";
import { TabLease } from "../../src/runner/tabs";

describe("TabLease", () => {
  it("gives the exam to one tab, and to another on the candidate's word", async () => {
    const lost = [vi.fn(), vi.fn()];
    const first = new TabLease(lost[0] ?? vi.fn(), "one");
    expect(await first.claim()).toBe(true);
    const second = new TabLease(lost[1] ?? vi.fn(), "one");
    expect(await second.claim()).toBe(false);
    second.take();
    await vi.waitFor(() => expect(lost[0]).toHaveBeenCalledTimes(1));
    expect(lost[1]).not.toHaveBeenCalled();
    first.close();
    second.close();
  });

  it("gives it to exactly one of two that open at once", async () => {
    const leases = [new TabLease(vi.fn(), "two"), new TabLease(vi.fn(), "two")];
    const held = await Promise.all(leases.map((lease) => lease.claim()));
    expect(held.filter(Boolean)).toHaveLength(1);
    for (const lease of leases) lease.close();
  });
});
