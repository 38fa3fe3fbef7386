import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ItemType, ItemView, SlotView } from "../../src/common/wire";
import { countWords } from "../../src/runner/items/Extended";
import { moved } from "../../src/runner/items/Ordering";
import { fetchRest } from "../../src/runner/later";
import { answerOf, isWhole, type Draft } from "../../src/runner/types";
import { ItemForm } from "../../src/runner/view/Item";
import { CHOICE } from "./server";

let root: HTMLElement;
let draft: Draft;

const gap = (id: string) => ({ t: "gap", a: { id }, c: [] });
const slot = (id: string, option_ids: string[]): SlotView => ({ id, content: [`prompt ${id}`], spoken: null, option_ids });
const item = (type: ItemType, slots: SlotView[] = []): ItemView => ({ ...CHOICE, type, slots, stem: ["Text ", gap("1"), " and ", gap("2")] });
const ALL = ["a", "b", "c", "d"];

function show(view: ItemView): void {
  const redraw = () =>
    render(<ItemForm item={view} name="1/1" draft={draft} isLocked={false} nextLabel="Next" onNext={vi.fn()} onEdit={(edited) => { draft = edited; redraw(); }} />, root);
  void act(redraw);
}

const all = <E extends HTMLElement>(css: string) => [...root.querySelectorAll<E>(css)];
const click = (element: HTMLElement | undefined) => void act(() => element?.click());

beforeAll(() => fetchRest());

beforeEach(() => {
  root = document.createElement("div");
  document.body.append(root);
  draft = null;
});

afterEach(() => {
  void act(() => render(null, root));
  root.remove();
});

describe("several right answers", () => {
  it("are taken and taken back by mouse and by key", () => {
    show(item("multiple_choice"));
    click(all(".option__input")[2]);
    const press = (code: string) => void act(() => void document.body.dispatchEvent(new KeyboardEvent("keydown", { code, key: code, bubbles: true, cancelable: true })));
    press("KeyA");
    expect(draft).toEqual({ kind: "options", options: ["a", "c"] });
    press("Digit3");
    expect(draft).toEqual({ kind: "options", options: ["a"] });
    press("KeyA");
    expect(answerOf(draft)).toBeNull();
  });
});

describe("matching", () => {
  it("keeps one letter for each line, and knows when a line is left", () => {
    const view = item("matching", [slot("1", ALL), slot("2", ALL)]);
    show(view);
    click(all(".letter__input")[1]);
    expect([draft, isWhole(view, draft)]).toEqual([{ kind: "places", places: { "1": "b" } }, false]);
    click(all(".letter__input")[2]);
    click(all(".letter__input")[4]);
    expect([draft, isWhole(view, draft)]).toEqual([{ kind: "places", places: { "1": "c", "2": "a" } }, true]);
  });
});

describe("ordering", () => {
  it.each([["a", 2, "bca"], ["c", 0, "cab"], ["b", 1, "abc"]])("%s to place %s", (id, to, expected) => {
    expect(moved(["a", "b", "c"], id, to).join("")).toBe(expected);
  });

  it("moves a line down, stays on its button, and goes no further than the end", () => {
    show(item("ordering"));
    click(all<HTMLButtonElement>(".order__move")[1]);
    expect(draft).toEqual({ kind: "order", order: ["b", "a", "c", "d"] });
    expect(document.activeElement?.id).toBe("move-a-1");
    click(all(".order__move")[0]);
    expect(draft).toEqual({ kind: "order", order: ["b", "a", "c", "d"] });
  });

  it("lets the order as it stands be the answer", () => {
    show(item("ordering"));
    expect(draft).toBeNull();
    click(all(".govuk-button--secondary")[0]);
    expect(draft).toEqual({ kind: "order", order: ALL });
    expect(all(".govuk-button--secondary")).toEqual([]);
  });
});

describe("gaps", () => {
  it("with drop-downs offer their own options alone, and may be emptied", () => {
    show(item("inline_choice", [slot("1", ["a", "b"]), slot("2", ["c", "d"])]));
    const [first, second] = all<HTMLSelectElement>("select");
    expect([...(second?.options ?? [])].map(({ value }) => value)).toEqual(["", "c", "d"]);
    const choose = (select: HTMLSelectElement | undefined, value: string) =>
      void act(() => { if (select) { select.value = value; select.dispatchEvent(new Event("change", { bubbles: true })); } });
    choose(first, "b");
    choose(second, "c");
    expect(draft).toEqual({ kind: "places", places: { "1": "b", "2": "c" } });
    choose(first, "");
    expect(draft).toEqual({ kind: "places", places: { "2": "c" } });
  });

  it("take words one after another; a word stands in one gap alone", () => {
    show(item("gap_match", [slot("1", ALL), slot("2", ALL)]));
    click(all(".words__word")[3]);
    click(all(".words__word")[0]);
    expect(draft).toEqual({ kind: "places", places: { "1": "d", "2": "a" } });
    click(all(".gap")[0]);
    expect(draft).toEqual({ kind: "places", places: { "2": "a" } });
    click(all(".words__word")[0]);
    expect(draft).toEqual({ kind: "places", places: { "1": "a" } });
  });
});

describe("a written task", () => {
  const view: ItemView = { ...CHOICE, type: "extended_text", options: [], words: { least: 40, most: 60 } };

  it("counts words and says how many are expected", () => {
    show(view);
    const [field] = all<HTMLTextAreaElement>(".extended__text");
    expect([field?.getAttribute("lang"), field?.getAttribute("maxlength")]).toEqual(["ky", "20000"]);
    expect(root.textContent).toContain("40");
    if (field) field.value = "Айыл — тоодо: ак-сары, 12 үй.\nБала";
    void act(() => void field?.dispatchEvent(new Event("input", { bubbles: true })));
    expect(draft).toEqual({ kind: "extended", extended: "Айыл — тоодо: ак-сары, 12 үй.\nБала" });
    expect(all(".extended__foot")[0]?.textContent).toContain("6");
    expect([countWords(""), countWords(" \n— "), countWords("don’t a-b")]).toEqual([0, 0, 2]);
  });

  it("takes the first letter typed anywhere, and Enter outside it gives nothing", () => {
    show(view);
    const onNext = vi.fn();
    void act(() => render(<ItemForm item={view} name="1/1" draft={{ kind: "extended", extended: "x" }} isLocked={false} nextLabel="Next" onNext={onNext} onEdit={vi.fn()} />, root));
    const press = (key: string) => void act(() => void document.body.dispatchEvent(new KeyboardEvent("keydown", { key, code: key, bubbles: true, cancelable: true })));
    press("Enter");
    expect(onNext).not.toHaveBeenCalled();
    press("м");
    expect(document.activeElement).toBe(all(".extended__text")[0]);
    click(all(".item__next")[0]);
    expect(onNext).toHaveBeenCalledOnce();
  });

  it("gives its text as the server takes it, and nothing where nothing is written", () => {
    expect(answerOf({ kind: "extended", extended: "а\r\nб\u0000\u0085\ud800в\tг" })).toEqual({ kind: "extended", extended: "а\nбв\tг" });
    expect(answerOf({ kind: "extended", extended: " \n " })).toBeNull();
  });
});
