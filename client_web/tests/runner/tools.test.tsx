import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Tool } from "../../src/common/wire";
import { fetchRest } from "../../src/runner/later";
import { changeLook, crossOut, crossedAt, isOn, look, marks, offered, setMarks, showAids, switchTool } from "../../src/runner/tools/aids";
import { ToolBar } from "../../src/runner/tools/Bar";
import { Letters, insertAt } from "../../src/runner/tools/Letters";
import { isMarked, joined, offsetOf, rangeOf, textOf, wholeWords, without } from "../../src/runner/tools/spans";
import { ItemForm } from "../../src/runner/view/Item";
import { CHOICE } from "./server";

const ALL: readonly Tool[] = ["text_size", "colours", "highlighter", "eliminator", "line_reader", "letters", "calculator"];
let root: HTMLElement;
let session = 100;

const state = (tools = ALL, more: object = {}) => ({ session_id: session, tools, text_percent: 100, ...more });
const stored = () => JSON.parse(localStorage.getItem("synak-tools") ?? "null") as Record<string, unknown>;
const labels = () => [...root.querySelectorAll("button")].map((button) => button.textContent);
const button = (words: string) => [...root.querySelectorAll("button")].find((one) => one.textContent?.includes(words));
const html = document.documentElement;

beforeEach(() => {
  localStorage.clear();
  session += 1;
  root = document.createElement("div");
  document.body.append(root);
});

afterEach(() => {
  void act(() => render(null, root));
  root.remove();
});

describe("what is kept on the device", () => {
  it("is the look and the marks, and nothing of what is read or answered", () => {
    showAids(state(), "1/1");
    changeLook({ size: 200 });
    crossOut("1/1", "b");
    setMarks("1/1", { stem: [[3, 9]] });
    expect(stored()).toEqual({
      owner: session,
      look: { size: 200, colours: "usual", on: [] },
      marks: { step: "1/1", crossed: ["b"], stem: [[3, 9]], passage: [] },
    });
    expect(html.dataset["size"]).toBe("200");
  });

  it("goes with the step, and the look with the candidate", () => {
    showAids(state(), "1/1");
    changeLook({ colours: "dark" });
    crossOut("1/1", "b");
    showAids(state(), "1/2");
    expect([crossedAt("1/1"), crossedAt("1/2"), look.value.colours]).toEqual([[], [], "dark"]);
    session += 1;
    showAids(state(), "5/1");
    expect([look.value.colours, html.dataset["colours"]]).toEqual(["usual", "usual"]);
  });

  it("has no say in what the sitting does not offer (DC-15)", () => {
    showAids(state(), "1/1");
    switchTool("eliminator");
    changeLook({ size: 300, colours: "contrast" });
    showAids(state(["letters"]), "1/1");
    expect([isOn("eliminator"), html.dataset["size"], html.dataset["colours"]]).toEqual([false, "100", "usual"]);
  });

  it("begins with the large print that was granted", () => {
    showAids(state(["letters"], { text_percent: 140 }), "1/1");
    expect(html.dataset["size"]).toBe("150");
  });

  it("survives storage that is broken or refused", () => {
    localStorage.setItem("synak-tools", "{");
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("full");
    });
    showAids(state(), "1/1");
    crossOut("1/1", "a");
    expect(crossedAt("1/1")).toEqual(["a"]);
  });
});

describe("the tools", () => {
  const opener = () => root.querySelector<HTMLButtonElement>(".tools__open");
  const panel = () => root.querySelector<HTMLElement>(".tools__panel");
  const show = () => void act(() => render(<ToolBar step="1/1" />, root));

  it("are what is offered and nothing else (DC-15)", () => {
    showAids(state(["eliminator"]), "1/1");
    show();
    expect([...(panel()?.querySelectorAll("button") ?? [])].map((one) => one.textContent)).toEqual(["Cross out answers"]);
    void act(() => void (offered.value = []));
    expect(labels()).toEqual([]);
  });

  it("are opened by one button, and closed by it, by Escape, or by turning to something else", () => {
    showAids(state(["text_size", "eliminator"]), "1/1");
    show();
    const isOpen = () => [opener()?.getAttribute("aria-expanded"), panel()?.hidden].join();
    const press = () => void act(() => opener()?.click());
    expect(isOpen()).toBe("false,true");
    press();
    expect(isOpen()).toBe("true,false");
    press();
    press();
    button("Larger text")?.focus();
    void act(() => void button("Larger text")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true })));
    expect([isOpen(), document.activeElement === opener()]).toEqual(["false,true", true]);
    press();
    void act(() => void panel()?.dispatchEvent(new Event("pointerdown", { bubbles: true })));
    expect(isOpen()).toBe("true,false");
    void act(() => void document.body.dispatchEvent(new Event("pointerdown", { bubbles: true })));
    expect(isOpen()).toBe("false,true");
  });

  it("say by their state what is on, and those on can be switched off beside the button", () => {
    showAids(state(["text_size", "colours", "eliminator"]), "1/1");
    show();
    void act(() => button("Cross out")?.click());
    void act(() => button("Larger text")?.click());
    void act(() => button("dark")?.click());
    expect(look.value).toEqual({ size: 125, colours: "dark", on: ["eliminator"] });
    expect([...root.querySelectorAll("[aria-pressed=true]")].map((one) => one.textContent)).toEqual(["dark", "Cross out answers", "Cross out answers"]);
    expect(opener()?.textContent).toContain("1");
    void act(() => root.querySelector<HTMLButtonElement>(".tools__on button")?.click());
    expect(isOn("eliminator")).toBe(false);
    expect(root.querySelector(".tools__on")).toBeNull();
  });
});

describe("crossing out", () => {
  it("leaves the answer alone, and an answer that is chosen is not crossed out", async () => {
    const onEdit = vi.fn();
    showAids(state(), "1/1");
    switchTool("eliminator");
    void act(() => render(<ItemForm item={CHOICE} name="1/1" draft={{ kind: "option", option: "a" }} isLocked={false} nextLabel="Next" onNext={vi.fn()} onEdit={onEdit} />, root));
    await act(() => fetchRest());
    const press = (code: string) => void act(() => void document.body.dispatchEvent(new KeyboardEvent("keydown", { code, key: code, shiftKey: true, bubbles: true, cancelable: true })));
    press("KeyB");
    press("KeyA");
    expect(crossedAt("1/1")).toEqual(["b"]);
    expect(root.querySelectorAll(".option--crossed")).toHaveLength(1);
    void act(() => root.querySelectorAll<HTMLButtonElement>(".option__cross")[1]?.click());
    expect(root.querySelectorAll(".option--crossed")).toHaveLength(0);
    expect(onEdit).not.toHaveBeenCalled();
  });
});

describe("letters", () => {
  it("go in at the caret, where there is room", () => {
    const field = document.createElement("input");
    field.value = "ке";
    field.maxLength = 3;
    field.setSelectionRange(1, 1);
    const heard = vi.fn();
    field.addEventListener("input", heard);
    insertAt(field, "ө");
    expect(field.value).toBe("көе");
    insertAt(field, "ң");
    expect([field.value, heard.mock.calls.length]).toEqual(["көе", 1]);
    field.readOnly = true;
    field.setSelectionRange(0, 3);
    insertAt(field, "ү");
    expect(field.value).toBe("көе");
  });

  it("are those of the language, rare ones first, capitals and the whole alphabet on demand", () => {
    void act(() => render(<Letters field={{ current: null }} language="ky" />, root));
    expect(labels().slice(0, 3)).toEqual(["ң", "ө", "ү"]);
    void act(() => button("⇧")?.click());
    void act(() => button("All letters")?.click());
    expect(labels().slice(0, 36).join("")).toBe("АБВГДЕЁЖЗИЙКЛМНҢОӨПРСТУҮФХЦЧШЩЪЫЬЭЮЯ");
  });
});

describe("marks in a text", () => {
  it("join, part and know what they hold", () => {
    expect(joined([[0, 4], [10, 12]], [5, 9])).toEqual([[0, 12]]);
    expect(joined([[0, 4]], [8, 9])).toEqual([[0, 4], [8, 9]]);
    expect(without([[0, 12]], [3, 5])).toEqual([[0, 3], [5, 12]]);
    expect(without([[3, 5]], [0, 12])).toEqual([]);
    expect([isMarked([[0, 12]], [3, 5]), isMarked([[0, 4]], [3, 5])]).toEqual([true, false]);
  });

  it("take whole words", () => {
    expect(wholeWords("Ысык-Көл, 3,5 км", [7, 11])).toEqual([0, 13]);
    expect(wholeWords("a  b", [1, 2])).toBeNull();
  });

  it("lie where they were in the page, but for gaps and what is only heard", () => {
    root.innerHTML = '<p>Алты <b>жети</b></p><button>B</button><span class="govuk-visually-hidden">x</span><p>сегиз</p>';
    expect(textOf(root)).toBe("Алты жетисегиз");
    expect(rangeOf(root, [5, 9]).toString()).toBe("жети");
    const last = root.lastElementChild?.firstChild as Text;
    expect(offsetOf(root, last, 2)).toBe(11);
    expect(offsetOf(root, document.body, 0)).toBeNull();
    expect(marks.value.stem).toEqual([]);
  });
});
