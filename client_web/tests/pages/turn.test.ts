// The arrows turn to the task before and the one after, unless something else on the page needs them.
import { beforeEach, expect, test, vi } from "vitest";
import { wakeTurning } from "../../src/pages/turn";

const go = vi.fn<(link: HTMLAnchorElement) => void>();

function press(key: string, target: Element = document.body, more: KeyboardEventInit = {}): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
}

const went = (): (string | null)[] => go.mock.calls.map(([link]) => link.getAttribute("href"));

const nav = document.createElement("nav");
wakeTurning(nav, go);

beforeEach(() => {
  go.mockClear();
  document.body.innerHTML = '<div role="region" tabindex="0" id="wide"></div><audio controls></audio><input><textarea></textarea>';
  nav.innerHTML = '<a rel="prev" href="/2">2</a><a rel="next" href="/4">4</a>';
  document.body.prepend(nav);
});

test("left is the task before, right the next one", () => {
  press("ArrowLeft");
  press("ArrowRight");
  press("ArrowDown");
  press("Enter");
  expect(went()).toEqual(["/2", "/4"]);
});

test("arrows with a modifier belong to the browser", () => {
  for (const key of ["altKey", "ctrlKey", "metaKey", "shiftKey"]) press("ArrowLeft", document.body, { [key]: true });
  press("ArrowLeft", document.body, { repeat: true });
  expect(went()).toEqual([]);
});

test("who scrolls a table, winds a recording or types does not turn", () => {
  for (const name of ["#wide", "audio", "input", "textarea"]) press("ArrowRight", document.querySelector(name)!);
  expect(went()).toEqual([]);
});

test("where nothing comes next, the arrow does nothing", () => {
  nav.querySelector('[rel="next"]')!.remove();
  press("ArrowRight");
  expect(went()).toEqual([]);
});
