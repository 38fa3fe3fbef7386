import { render, type VNode } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fetchRest, later } from "../../src/runner/later";

let root: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers();
  root = document.createElement("div");
});

afterEach(() => {
  void act(() => render(null, root));
  vi.useRealTimers();
});

const live = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

async function show(Part: (props: { name: string }) => VNode | null): Promise<void> {
  void act(() => render(<Part name="Aida" />, root));
  await live(0);
}

const Panel = ({ name }: { name: string }) => <p>Panel of {name}</p>;

describe("a part in a chunk of its own", () => {
  it("says that it comes, and then stands there", async () => {
    const Part = later(() => Promise.resolve(Panel));
    void act(() => render(<Part name="Aida" />, root));
    expect(root.textContent).toBe("One moment…");
    await live(0);
    expect(root.textContent).toBe("Panel of Aida");
  });

  it("is asked for again by itself when the network fails", async () => {
    const fetch = vi.fn<() => Promise<typeof Panel>>().mockRejectedValueOnce(new TypeError("cut")).mockResolvedValue(Panel);
    const Part = later(fetch);
    await show(Part);
    expect(root.querySelector("[role=alert]")?.textContent).toContain("asks for it again by itself");
    await live(500);
    expect(root.textContent).toBe("Panel of Aida");
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it("comes at once when the candidate asks again", async () => {
    const fetch = vi.fn<() => Promise<typeof Panel>>().mockRejectedValueOnce(new TypeError("cut")).mockResolvedValue(Panel);
    const Part = later(fetch);
    await show(Part);
    root.querySelector("button")?.click();
    await live(0);
    expect(root.textContent).toBe("Panel of Aida");
  });

  it("is fetched before anybody looks at it, so that a later cut does not matter", async () => {
    const fetch = vi.fn(() => Promise.resolve(Panel));
    const Part = later(fetch);
    const rest = fetchRest();
    await vi.runAllTimersAsync();
    await rest;
    await show(Part);
    expect(root.textContent).toBe("Panel of Aida");
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});
