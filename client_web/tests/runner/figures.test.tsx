import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AreaView, FigureView, ItemView } from "../../src/common/wire";
import { Figure } from "../../src/runner/items/Figure";
import { Hotspot, boxOf, outlineOf } from "../../src/runner/items/Hotspot";
import type { Draft } from "../../src/runner/types";
import { CHOICE } from "./server";

const MAP: FigureView = { digest: "ab12", type: "image/svg+xml", width: 200, height: 100, alternative: "a map", description: [] };
const AREAS: readonly AreaView[] = [
  { shape: "rect", at: [10, 20, 30, 40] },
  { shape: "circle", at: [100, 50, 20] },
  { shape: "polygon", at: [150, 0, 190, 10, 160, 60] },
];

let root: HTMLElement;
let draft: Draft;

beforeEach(() => {
  root = document.createElement("div");
  document.body.append(root);
  draft = null;
});

afterEach(() => {
  void act(() => render(null, root));
  root.remove();
  vi.useRealTimers();
});

const all = <E extends Element>(css: string) => [...root.querySelectorAll<E>(css)];

function show(isSeveral: boolean, isLocked = false): void {
  const options = AREAS.map((area, n) => ({ id: "abc"[n] ?? "", content: [`place ${n}`], spoken: null, area }));
  const item: ItemView = { ...CHOICE, type: "hotspot", is_several: isSeveral, figures: { map: MAP }, picture: "map", options };
  const redraw = () =>
    render(<Hotspot item={item} name="1/1" draft={draft} isLocked={isLocked} nextLabel="Next" onNext={vi.fn()} onEdit={(edited) => { draft = edited; redraw(); }} />, root);
  void act(redraw);
}

describe("a hotspot", () => {
  it("has a native radio of its name and place for each area", () => {
    show(false);
    expect(all<HTMLInputElement>("input").map((input) => [input.type, input.ariaLabel ?? input.getAttribute("aria-label")])).toEqual([0, 1, 2].map((n) => ["radio", `place ${n}`]));
    expect(AREAS.map(boxOf)).toEqual([[10, 20, 40, 60], [80, 30, 120, 70], [150, 0, 190, 60]]);
    expect(AREAS.map(outlineOf)).toEqual(["none", "circle(50%)", "polygon(0% 0%, 100% 16.7%, 25% 100%)"]);
    expect(all("foreignObject").map((each) => each.getAttribute("width"))).toEqual(["30", "40", "40"]);
    void act(() => all<HTMLInputElement>("input")[1]?.click());
    expect(draft).toEqual({ kind: "option", option: "b" });
    expect(all(".area--chosen")).toHaveLength(1);
  });

  it("takes several, and takes them back", () => {
    show(true);
    for (const n of [2, 0, 1, 1]) void act(() => all<HTMLInputElement>("input")[n]?.click());
    expect(draft).toEqual({ kind: "options", options: ["a", "c"] });
  });

  it("takes nothing while an answer is on its way", () => {
    show(false, true);
    expect(all<HTMLInputElement>("input").every((input) => input.disabled)).toBe(true);
  });
});

describe("a figure", () => {
  it("has its alternative, and its description for whoever opens it", () => {
    void act(() => render(<Figure figure={{ ...MAP, description: [{ t: "p", a: {}, c: ["in words"] }] }} />, root));
    expect(all<HTMLImageElement>("img")[0]?.alt).toBe("a map");
    expect(all("details p")[0]?.textContent).toBe("in words");
    void act(() => render(<Figure figure={MAP} />, root));
    expect(all("details")).toHaveLength(0);
  });

  it("is asked for again until it comes", () => {
    vi.useFakeTimers();
    void act(() => render(<Figure figure={MAP} />, root));
    const src = () => all("img")[0]?.getAttribute("src");
    expect(src()).toBe("/exam/media/ab12");
    for (const n of [1, 2]) {
      void act(() => void all("img")[0]?.dispatchEvent(new Event("error")));
      void act(() => void vi.advanceTimersByTime(3000));
      expect(src()).toBe(`/exam/media/ab12?again=${n}`);
    }
    void act(() => void all("img")[0]?.dispatchEvent(new Event("error")));
    expect(all(".figure__missing")).toHaveLength(1);
  });
});
