// The editor keeps what is typed: a second after the last key, through a cut line, and against another's text.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ItemSource, Manuscript, Save } from "../../src/common/wire";
import { Api } from "../../src/editor/api";
import { withText } from "../../src/editor/change";
import { Editor } from "../../src/editor/ctrl";
import { LOOKS, makeItem, makeManuscript } from "./factory";

let kept: Manuscript;
let saves: Save[];
let isAway: boolean;
let refusal: { status: number; code: string } | null;
let editor: Editor;

const reply = (body: object, status = 200) => new Response(JSON.stringify(body), { status });

function answer(url: string, init: RequestInit): Response {
  if (url.endsWith("/look")) return reply(LOOKS);
  if (init.method === "GET") return reply(kept);
  if (url.endsWith("/submit")) {
    kept = { ...kept, state: "content_review", writes: [], revision: kept.revision + 1 };
    return reply({ revision: kept.revision, state: kept.state });
  }
  const body = JSON.parse(String(init.body)) as Save;
  saves.push(body);
  if (refusal) return reply({ error: { code: refusal.code, message: "No.", clause: null } }, refusal.status);
  if (body.revision !== kept.revision) return reply({ error: { code: "changed_meanwhile", message: "Another text.", clause: null } }, 409);
  kept = { ...kept, item: body.item, revision: kept.revision + 1, stale: body.confirmed.length ? [] : ["ru"] };
  return reply({ revision: kept.revision, taken: null, stale: kept.stale, missing: [], made_from: {}, shares_passage: [] });
}

beforeEach(async () => {
  vi.useFakeTimers();
  kept = makeManuscript();
  saves = [];
  isAway = false;
  refusal = null;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (isAway) throw new TypeError("network");
    return answer(url, init);
  });
  editor = new Editor(new Api(7));
  await editor.start();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const type = (stem: string) => editor.edit((item) => withText(item, "ky", { stem }));
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const stem = (item: ItemSource | null | undefined) => item?.texts["ky"]?.stem;

test("what is typed goes out once, a second after the last key", async () => {
  type("а");
  await wait(700);
  type("аб");
  await wait(700);
  expect([saves.length, editor.keeping.value]).toEqual([0, "typing"]);
  await wait(400);
  expect(saves.map((each) => stem(each.item))).toEqual(["аб"]);
  expect(editor.keeping.value).toBe("kept");
  expect(editor.opened.value?.stale).toEqual(["ru"]);
});

test("what is typed while it is saved goes out with the new revision", async () => {
  type("а");
  await wait(1000);
  type("аб");
  await wait(1000);
  expect(saves.map(({ revision }) => revision)).toEqual([1, 2]);
  expect(stem(kept.item)).toBe("аб");
});

test("without a network the text stays here, says so, and goes out later", async () => {
  isAway = true;
  type("узулган");
  await wait(1100);
  expect(editor.keeping.value).toBe("waiting");
  expect(stem(editor.item.value)).toBe("узулган");
  isAway = false;
  await wait(2100);
  expect([stem(kept.item), editor.keeping.value]).toEqual(["узулган", "kept"]);
});

test("a text that was kept meanwhile is shown beside one's own, and neither is lost", async () => {
  kept = { ...kept, item: withText(makeItem(), "ky", { stem: "башканыкы" }), revision: 5 };
  type("меники");
  await wait(1100);
  expect(editor.keeping.value).toBe("stale");
  expect([stem(editor.item.value), stem(editor.theirs.value?.item)]).toEqual(["меники", "башканыкы"]);
  type("меники дагы");
  await wait(3000);
  expect(stem(kept.item)).toBe("башканыкы"); // nothing goes out before it was decided
  editor.keepMine();
  await wait(100);
  expect([stem(kept.item), editor.keeping.value]).toEqual(["меники дагы", "kept"]);
});

test("taking what was kept shows that", async () => {
  kept = { ...kept, item: withText(makeItem(), "ky", { stem: "башканыкы" }), revision: 5 };
  type("меники");
  await wait(1100);
  editor.takeTheirs();
  expect([stem(editor.item.value), editor.keeping.value, editor.theirs.value]).toEqual(["башканыкы", "kept", null]);
});

test("a refused text stays and is tried again with the next key", async () => {
  refusal = { status: 422, code: "payload" };
  type("туура эмес");
  await wait(1100);
  expect([editor.keeping.value, editor.refusal.value, stem(editor.item.value)]).toEqual(["refused", "No.", "туура эмес"]);
  refusal = null;
  type("туура");
  await wait(1100);
  expect([editor.keeping.value, editor.refusal.value]).toEqual(["kept", ""]);
});

test("that a translation still fits goes out at once", async () => {
  editor.confirm("ru");
  await wait(10);
  expect(saves.map(({ confirmed }) => confirmed)).toEqual([["ru"]]);
  expect(editor.opened.value?.stale).toEqual([]);
});

test("a text is handed in as it was last kept", async () => {
  type("акыркы");
  expect(await editor.act("submit")).toBe("");
  expect(stem(kept.item)).toBe("акыркы");
  expect(editor.opened.value?.state).toBe("content_review");
  type("кеч");
  expect(stem(editor.item.value)).toBe("акыркы");
});

test("who only reads sends no text to look at it", async () => {
  const asked: string[] = [];
  kept = makeManuscript({ writes: [], may_classify: false });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (url.endsWith("/look")) asked.push(String(init.body));
    return answer(url, init);
  });
  const reader = new Editor(new Api(7));
  await reader.start();
  await wait(10);
  expect(asked.map((body) => (JSON.parse(body) as { item: unknown }).item)).toEqual([null]);
});
