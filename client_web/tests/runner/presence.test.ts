// Leavings are counted once, kept until the server has them, and nothing is taken off the page.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Presence, guard } from "../../src/runner/presence";

function watched(): { presence: Presence; heard: boolean[] } {
  const presence = new Presence();
  const heard: boolean[] = [];
  presence.isWatched = () => true;
  presence.onChange = (isBack) => heard.push(isBack);
  presence.watch();
  return { presence, heard };
}

const blur = () => window.dispatchEvent(new Event("blur"));
const focus = () => window.dispatchEvent(new Event("focus"));

describe("Presence", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("counts a leaving once, though the browser tells of it twice, and tells at once", () => {
    const { presence, heard } = watched();
    blur();
    blur();
    expect(presence.facts().leavings).toHaveLength(1);
    expect([presence.facts().is_away, presence.unread.value, heard]).toEqual([true, 1, [false]]);
    vi.advanceTimersByTime(4000);
    focus();
    expect(presence.facts()).toMatchObject({ is_away: false, leavings: [{ kind: "window", away_ms: 4000, ago_ms: 4000 }] });
    expect(heard).toEqual([false, true]);
  });

  it("keeps a leaving until the server has its end", () => {
    const { presence } = watched();
    blur();
    presence.has(presence.facts().leavings);
    expect(presence.facts().leavings).toEqual([]);
    const early = presence.facts().leavings;
    focus();
    presence.has(early);
    const [back] = presence.facts().leavings;
    expect(back?.away_ms).not.toBeNull();
    presence.has(back ? [back] : []);
    expect(presence.facts().leavings).toEqual([]);
  });

  it("an end that came while its beginning was on the way is still told", () => {
    const { presence } = watched();
    blur();
    const sent = presence.facts().leavings;
    focus();
    presence.has(sent);
    expect(presence.facts().leavings).toHaveLength(1);
  });

  it("before the test begins and after it is over nobody leaves", () => {
    const { presence } = watched();
    presence.isWatched = () => false;
    blur();
    expect([presence.facts().leavings, presence.unread.value]).toEqual([[], 0]);
  });

  it("leaving full screen is a leaving of its own kind", () => {
    const { presence } = watched();
    const full = vi.fn<() => Element | null>(() => document.body);
    Object.defineProperty(document, "fullscreenElement", { configurable: true, get: full });
    document.dispatchEvent(new Event("fullscreenchange"));
    full.mockReturnValue(null);
    document.dispatchEvent(new Event("fullscreenchange"));
    expect(presence.facts().leavings[0]?.kind).toBe("full_screen");
    expect(presence.isFullLeft.value).toBe(true);
    full.mockReturnValue(document.body);
    document.dispatchEvent(new Event("fullscreenchange"));
    expect(presence.facts().leavings[0]?.away_ms).not.toBeNull();
  });
});

describe("guard", () => {
  const fire = (target: EventTarget, name: string) => {
    const event = new Event(name, { bubbles: true, cancelable: true });
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };

  it("nothing is copied, dragged or printed off the page, and nothing foreign is pasted", () => {
    guard();
    document.body.innerHTML = '<p id="stem">2 + 2</p><input id="entry" value="4">';
    const stem = document.getElementById("stem") as HTMLElement;
    const entry = document.getElementById("entry") as HTMLInputElement;
    for (const name of ["copy", "cut", "paste", "contextmenu", "dragstart", "drop"]) expect(fire(stem, name)).toBe(true);
    expect([fire(entry, "copy"), fire(entry, "cut"), fire(entry, "paste"), fire(entry, "drop")]).toEqual([false, false, true, true]);
    const print = new KeyboardEvent("keydown", { code: "KeyP", ctrlKey: true, cancelable: true, bubbles: true });
    stem.dispatchEvent(print);
    expect(print.defaultPrevented).toBe(true);
    const call = new KeyboardEvent("keydown", { code: "KeyP", altKey: true, cancelable: true, bubbles: true });
    stem.dispatchEvent(call);
    expect(call.defaultPrevented).toBe(false);
  });

  it("one's own words may be moved within one's own fields", () => {
    guard();
    document.body.innerHTML = '<input id="entry" value="x = 42">';
    const entry = document.getElementById("entry") as HTMLInputElement;
    entry.setSelectionRange(4, 6);
    fire(entry, "copy");
    const paste = (text: string) => {
      const event = new Event("paste", { bubbles: true, cancelable: true });
      Object.assign(event, { clipboardData: { getData: () => text } });
      entry.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect([paste("42"), paste("a word from elsewhere")]).toEqual([false, true]);
  });
});
