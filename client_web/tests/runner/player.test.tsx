import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { spoken } from "../../src/common/dom";
import type { StepView } from "../../src/common/wire";
import { Player } from "../../src/runner/items/Player";
import { CHOICE } from "./server";

type Recording = NonNullable<StepView["recording"]>;
const NOTICE: Recording = { title: "A notice", duration_ms: 6000, plays: 2, used: 0, may_pause: false, transcript: null };

let root: HTMLElement;
let asked: string[];
let replies: (() => Response | Promise<Response>)[];
let source: { onended: (() => void) | null; start: () => void };
let gain: { value: number };
const suspend = vi.fn(async () => undefined);

class FakeContext {
  currentTime = 0;
  destination = {};
  suspend = suspend;
  resume = async () => undefined;
  close = async () => undefined;
  decodeAudioData = async (data: ArrayBuffer) => {
    if (data.byteLength === 0) throw new DOMException("no sound");
    return {};
  };
  createBufferSource = () => (source = Object.assign({ onended: null, start: vi.fn() }, { buffer: null, connect: (next: object) => next }));
  createGain = () => ({ gain: (gain = { value: 0 }), connect: () => undefined });
}

const given = (number: number, data = "sound") => () => new Response(data, { headers: { "Play-Number": String(number) } });
const one = <E extends Element>(css: string) => root.querySelector<E>(css);
const button = () => one<HTMLButtonElement>(".player__play");
const settle = () => act(async () => void (await vi.advanceTimersByTimeAsync(10)));

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  [asked, replies] = [[], []];
  vi.stubGlobal("AudioContext", FakeContext);
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    asked.push((JSON.parse(String(init.body)) as { key: string }).key);
    const reply = replies.shift();
    if (!reply) throw new TypeError("Failed to fetch");
    return reply();
  });
  root = document.createElement("div");
  document.body.append(root);
});

afterEach(() => {
  void act(() => render(null, root));
  vi.useRealTimers();
});

function show(change: Partial<Recording> = {}, back = 0): void {
  const recording = { ...NOTICE, ...change };
  const step: StepView = { section_id: 1, seq: 1, length: 3, item: CHOICE, recording };
  void act(() => render(<Player step={step} recording={recording} given={back} />, root));
}

async function press(): Promise<void> {
  void act(() => button()?.click());
  await settle();
}

describe("a recording", () => {
  it("is played as often as the server gives it, and cannot be stopped", async () => {
    show();
    for (const n of [1, 2]) {
      replies = [given(n)];
      await press();
      expect([button()?.textContent, button()?.ariaDisabled ?? button()?.getAttribute("aria-disabled")]).toEqual(["Playing…", "true"]);
      expect(one(".player__left")?.textContent).toBe(`Plays left: ${2 - n} of 2`);
      await press();
      expect(asked).toHaveLength(n);
      void act(() => source.onended?.());
    }
    expect(new Set(asked).size).toBe(2);
    expect(button()?.textContent).toBe("No plays left");
    await press();
    expect(asked).toHaveLength(2);
    expect(root.querySelectorAll("audio, [controls], [download]")).toHaveLength(0);
  });

  it("is asked for under one key until it comes", async () => {
    show();
    await press();
    expect(one(".player__trouble")?.textContent).toContain("no network");
    replies = [() => new Response("", { status: 502 }), given(1)];
    await act(async () => void (await vi.advanceTimersByTimeAsync(4100)));
    expect(asked).toHaveLength(3);
    expect(new Set(asked).size).toBe(1);
    expect([button()?.textContent, one(".player__trouble")]).toEqual(["Playing…", null]);
  });

  it("says what the server refused, and what the computer cannot play", async () => {
    show();
    replies = [() => Response.json({ error: { code: "plays_used_up", message: "said: no more", clause: null } }, { status: 403 })];
    await press();
    expect(one("[role=alert]")?.textContent).toBe("said: no more");
    replies = [given(1, "")];
    await press();
    expect(one("[role=alert]")?.textContent).toContain("Raise your hand");
    expect(one(".player__left")?.textContent).toBe("Plays left: 1 of 2");
  });

  it("is heard once more where the proctor gave a play back, and only then counts back", async () => {
    show({ plays: 1 });
    replies = [given(1)];
    await press();
    void act(() => source.onended?.());
    show({ plays: 1, used: 0 });
    expect(button()?.textContent).toBe("No plays left");
    replies = [() => Response.json({ error: { code: "plays_used_up", message: "said: no more", clause: null } }, { status: 403 })];
    show({ plays: 1, used: 0 }, 1);
    await settle();
    expect([button()?.textContent, one(".player__left")?.textContent, spoken.value.includes("once more")]).toEqual(["Listen", "Plays left: 1 of 1", true]);
  });

  it("stays as loud as it was set", async () => {
    show();
    replies = [given(1)];
    await press();
    const volume = one<HTMLInputElement>("[type=range]");
    if (volume) volume.value = "30";
    void act(() => void volume?.dispatchEvent(new Event("input")));
    expect([gain.value, localStorage.getItem("synak-volume")]).toEqual([0.3, "30"]);
    void act(() => render(null, root));
    show();
    expect(one<HTMLInputElement>("[type=range]")?.value).toBe("30");
  });

  it("may be stopped, and read, by those for whom it was decided", async () => {
    show();
    expect(one(".player__text")).toBeNull();
    void act(() => render(null, root));
    show({ may_pause: true, transcript: [{ t: "p", a: {}, c: ["in words"] }] });
    expect(one(".player__text p")?.textContent).toBe("in words");
    replies = [given(1)];
    await press();
    expect(button()?.textContent).toBe("Pause the recording");
    await press();
    expect(suspend).toHaveBeenCalledOnce();
    expect(button()?.textContent).toBe("Go on listening");
    await press();
    expect([button()?.textContent, asked.length]).toEqual(["Pause the recording", 1]);
  });
});
