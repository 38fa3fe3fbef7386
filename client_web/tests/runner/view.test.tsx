import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ItemView } from "../../src/common/wire";
import { fetchRest } from "../../src/runner/later";
import { offered } from "../../src/runner/tools/aids";
import { isNumber, type Draft } from "../../src/runner/types";
import { ItemForm, optionOfKey } from "../../src/runner/view/Item";
import { Place } from "../../src/runner/view/Running";
import { CHOICE, FakeServer, TEXT, option } from "./server";

let root: HTMLElement;
let draft: Draft;
const onNext = vi.fn();

function show(item: ItemView, isLocked = false): void {
  const redraw = () =>
    render(
      <ItemForm
        item={item}
        name="1/1"
        draft={draft}
        isLocked={isLocked}
        onEdit={(part) => {
          draft = part;
          redraw();
        }}
        onNext={onNext}
        nextLabel="Next"
      />,
      root,
    );
  void act(redraw);
}

function press(key: string, code: string, target: EventTarget = document.body): void {
  void act(() => void target.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true })));
}

beforeEach(() => {
  root = document.createElement("div");
  document.body.append(root);
  draft = null;
  onNext.mockReset();
});

afterEach(() => void act(() => render(null, root)));

describe("keys", () => {
  it.each([
    ["KeyB", 1],
    ["Digit3", 2],
    ["Numpad4", 3],
    ["KeyZ", null],
    ["Enter", null],
  ])("%s is option %s", (code, at) => {
    expect(optionOfKey({ code, altKey: false, ctrlKey: false, metaKey: false })).toBe(at);
  });

  it("leaves the browser's own shortcuts alone", () => {
    expect(optionOfKey({ code: "KeyC", altKey: false, ctrlKey: true, metaKey: false })).toBeNull();
  });

  it("choose by position whatever the keyboard's language, and Enter goes on", () => {
    show(CHOICE);
    press("и", "KeyB");
    expect(draft).toEqual(option("b"));
    press("Enter", "Enter");
    expect(onNext).toHaveBeenCalledTimes(1);
  });

  it("arrows go round the options", () => {
    show(CHOICE);
    press("ArrowUp", "ArrowUp");
    expect(draft).toEqual(option("d"));
    press("ArrowDown", "ArrowDown");
    expect(draft).toEqual(option("a"));
  });

  it("change nothing while the answer is on its way", () => {
    show(CHOICE, true);
    press("a", "KeyA");
    press("Enter", "Enter");
    expect(draft).toBeNull();
    expect(onNext).not.toHaveBeenCalled();
  });
});

describe("text entry", () => {
  const field = () => root.querySelector<HTMLInputElement>(".entry");

  it("offers the Kyrgyz letters and puts one where the cursor is", async () => {
    draft = { kind: "text", text: "то" };
    offered.value = ["letters"];
    await fetchRest();
    show(TEXT);
    field()?.setSelectionRange(2, 2);
    void act(() => root.querySelector<HTMLButtonElement>(".letters__key")?.click());
    expect(draft).toEqual({ kind: "text", text: "тоң" });
  });

  it("sends to the field what is typed beside it", () => {
    show(TEXT);
    press("к", "KeyR");
    expect(document.activeElement).toBe(field());
  });

  it("refuses what is no number where a number is asked, and takes it once corrected", () => {
    const submit = () => void act(() => void root.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true })));
    draft = { kind: "text", text: "abc" };
    show({ ...TEXT, is_numeric: true });
    submit();
    expect(onNext).not.toHaveBeenCalled();
    expect(field()?.getAttribute("aria-invalid")).toBe("true");
    draft = { kind: "text", text: "3,5" };
    show({ ...TEXT, is_numeric: true });
    expect(field()?.getAttribute("aria-invalid")).toBe("false");
    submit();
    expect(onNext).toHaveBeenCalledTimes(1);
  });

  it.each(["3", "-3,5", "−0.25", "+7", ".5", "12 000,5", " 4 "])("%s is a number", (text) => expect(isNumber(text)).toBe(true));
  it.each(["", "abc", "1,2,3", "3.", "1/2", "5 kg", "--1"])("%s is none", (text) => expect(isNumber(text)).toBe(false));
});

describe("the place in the section", () => {
  it.each([
    [false, "Question 2 of 3"],
    [true, "Question 2 of at most 3"],
  ])("promises no more questions than there may be (early end: %s)", (may_end_early, text) => {
    const server = new FakeServer();
    Object.assign(server, { seq: 2, may_end_early });
    const state = server.state();
    void act(() => render(<Place state={state} step={state.step!} />, root));
    expect(root.querySelector("h1")?.textContent).toBe(text);
  });
});
