// The editor's page: fields for each type, answers marked by hand, remarks that lead to their place, the watermark.
import { render } from "preact";
import { act } from "preact/test-utils";
import { Selection } from "prosemirror-state";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ItemSource, Looks, Manuscript } from "../../src/common/wire";
import { Api } from "../../src/editor/api";
import { withType } from "../../src/editor/change";
import { Written } from "../../src/editor/rich/mount";
import { Editor } from "../../src/editor/ctrl";
import { App } from "../../src/editor/view/App";
import { LOOKS, makeItem, makeManuscript } from "./factory";

let root: HTMLElement;
let editor: Editor;
let looks: Looks;

async function show(manuscript: Manuscript): Promise<void> {
  vi.stubGlobal("fetch", async (url: string) => {
    const body = url.endsWith("/look") ? looks : url.endsWith("/formula") ? { content: [{ t: "math", a: {}, c: ["x"] }], spoken: "икс", problem: null } : manuscript;
    return new Response(JSON.stringify(body), { status: 200 });
  });
  editor = new Editor(new Api(7));
  await act(async () => {
    render(<App editor={editor} />, root);
    await editor.start();
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
}

const all = (css: string) => [...root.querySelectorAll<HTMLElement>(css)];
const texts = (css: string) => all(css).map((each) => each.textContent?.trim());
const press = (element: HTMLElement | undefined) => void act(() => element?.click());

beforeEach(() => {
  root = document.createElement("div");
  document.body.append(root);
  looks = LOOKS;
});

afterEach(() => {
  act(() => render(null, root));
  root.remove();
});

test("each type has its fields, and each field is named", async () => {
  const types: Record<ItemSource["type"], number> = {
    choice: 5, multiple_choice: 5, matching: 8, ordering: 5, inline_choice: 5, gap_match: 5, hotspot: 5, text_entry: 1, extended_text: 2,
  };
  for (const [type, count] of Object.entries(types)) {
    await show(makeManuscript({ item: withType(makeItem(), type as ItemSource["type"]) }));
    const fields = all("[role=textbox]");
    expect([type, fields.length]).toEqual([type, count]);
    for (const field of fields) expect(document.getElementById(field.getAttribute("aria-labelledby") ?? "")?.textContent).toBeTruthy();
    act(() => render(null, root));
  }
});

test("an answer marked right stands first", async () => {
  await show(makeManuscript());
  press(all(".right input")[2]);
  expect(editor.item.value?.texts["ky"]?.options[0]).toBe("ky 3");
  expect(texts("[data-anchor='ky.options.1'] [role=textbox]")).toEqual(["ky 3"]);
});

test("a line is moved and removed by buttons that say what they do", async () => {
  await show(makeManuscript({ item: withType(makeItem(), "ordering") }));
  press(all("button[aria-label='Move down: Line 1']")[0]);
  expect(editor.item.value?.texts["ky"]?.options.slice(0, 2)).toEqual(["ky 2", "ky 1"]);
  press(all("button[aria-label='Remove: Line 4']")[0]);
  expect(editor.item.value?.texts["ru"]?.options).toEqual(["ru 2", "ru 1", "ru 3"]);
  expect(all("button[aria-label^='Remove: Line']")).toHaveLength(0); // three are the least
});

test("two languages stand side by side, and a stale one shows what has changed", async () => {
  const item = makeItem();
  await show(makeManuscript({ item, stale: ["ru"], made_from: { ru: { ...item.texts["ky"]!, stem: "Эски суроо" } } }));
  press(all(".tongues__row")[1]?.querySelectorAll("button")[1]);
  expect(texts("[data-anchor='ky.stem'] [role=textbox]")).toEqual(["Суроо ky"]);
  expect(texts("[data-anchor='ru.stem'] [role=textbox]")).toEqual(["Суроо ru"]);
  expect([texts(".stale del"), texts(".stale ins")]).toEqual([["Эски суроо"], ["Суроо ky"]]);
});

test("what the page draws late takes nothing back that was typed since", () => {
  const heard: string[] = [];
  const settings = { source: "а", isBlock: true, isReadOnly: false, attributes: {}, onChange: (source: string) => void heard.push(source), onFormula: vi.fn(), draw: () => () => undefined };
  const written = new Written(root, settings);
  written.view.dispatch(written.view.state.tr.setSelection(Selection.atEnd(written.view.state.doc)));
  written.type("б");
  written.type("в");
  written.update({ ...settings, source: "аб" });
  written.type("г");
  written.update({ ...settings, source: "абв" });
  written.update({ ...settings, source: "абвг" });
  expect([written.view.state.doc.textContent, heard]).toEqual(["абвг", ["аб", "абв", "абвг"]]);
  written.update({ ...settings, source: "башка" });
  expect(written.view.state.doc.textContent).toBe("башка");
  written.destroy();
});

test("a remark stands at its place, and leads there from the list", async () => {
  looks = { ...LOOKS, remarks: [{ code: "option_twice", severity: "error", anchor: "ru.options.2", sentence: "Twice." }] };
  await show(makeManuscript());
  expect(texts(".remarks__place")).toEqual(["Русский, Answer 2"]);
  vi.stubGlobal("requestAnimationFrame", (go: () => void) => (go(), 0));
  press(all(".remarks__button")[0]);
  expect(editor.left.value).toBe("ru");
  expect(texts("[data-anchor='ru.options.2'] .field__remark")).toEqual(["Twice."]);
});

test("what a reader said stands at its place and in a list, until it is settled", async () => {
  const said = (anchor: string, body: string, is_settled = false) => ({ anchor, author: "Елена", body, answer: "", is_settled });
  await show(makeManuscript({ said: [said("ky.options.2", "Бул да туура"), said("ky.stem", "Бүттү", true), said("", "Жакшы")] }));
  expect(texts("[data-anchor='ky.options.2'] .field__remark--said")).toEqual(["Елена: Бул да туура"]);
  expect(texts(".remarks__item--said .remarks__place")).toEqual(["Кыргызча, Answer 2", "The text as a whole"]);
  expect(root.textContent).not.toContain("Бүттү");
});

test("who only reads has no tools and no way to hand in", async () => {
  await show(makeManuscript({ purpose: "review", state: "content_review", writes: [], may_classify: false }));
  expect(all(".field__tools, .editor__acts, .answers__add")).toHaveLength(0);
  expect(all("[role=textbox]").every((field) => field.getAttribute("contenteditable") === "false" && field.tabIndex === 0)).toBe(true);
  expect(root.textContent).toContain("You read this text; you cannot change it.");
});

test("who reads a translation changes its words, and neither files nor what counts as right", async () => {
  const reader = (item: ItemSource) => makeManuscript({ purpose: "review", state: "language_review", writes: ["ru"], may_classify: false, item });
  await show(reader(makeItem()));
  expect(all("[role=textbox][contenteditable=true]").length).toBeGreaterThan(0);
  expect(texts(".field__tools button")).not.toContain("Figure…");
  expect(root.textContent).toContain("Another reader reads them after you.");
  for (const [type, field] of [["extended_text", "[data-anchor='ru.rubric'] [role=textbox]"], ["text_entry", "[data-anchor='ru.accepted.1'] input"]] as const) {
    act(() => render(null, root));
    await show(reader(withType(makeItem(), type)));
    const found = all(field);
    expect(found).toHaveLength(1);
    expect(found.every((each) => each.getAttribute("contenteditable") === "false" || (each as HTMLInputElement).disabled)).toBe(true);
  }
});

test("the reader's name and the mark of the opening lie across the page", async () => {
  await show(makeManuscript());
  const mark = all(".watermark")[0];
  expect(mark?.querySelector("span")?.dataset["words"]).toBe("Назгүл · 22.11.2026 10:00 · K7RM-2XPA");
  expect(mark?.getAttribute("aria-hidden")).toBe("true");
});

test("a text of somebody else's is not found, and says so", async () => {
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ error: { code: "not_found", message: "Nothing here.", clause: null } }), { status: 404 }));
  editor = new Editor(new Api(7));
  await act(async () => {
    render(<App editor={editor} />, root);
    await editor.start();
  });
  expect(texts("[role=alert]")).toEqual(["Nothing here."]);
});
