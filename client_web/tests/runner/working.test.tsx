import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MemoryOutbox, type Outbox } from "../../src/common/outbox";
import type { Answer, RunnerState, StepView, Working } from "../../src/common/wire";
import { Runner } from "../../src/runner/ctrl";
import { Presence } from "../../src/runner/presence";
import { Running } from "../../src/runner/view/Running";
import { add, drawingOf, type Point } from "../../src/runner/working/drawing";
import { WorkingPanel } from "../../src/runner/working/Panel";
import { put, signOfKey, signs } from "../../src/runner/working/Signs";
import { FakeServer } from "./server";

const LINE: readonly Point[] = [[0, 0], [100, 0]];
const running: Runner[] = [];
let server: FakeServer;
let workings: Outbox<Working>;
let root: HTMLElement;

async function open(): Promise<Runner> {
  const runner = new Runner(new MemoryOutbox<Answer>(), new Presence(), workings);
  running.push(runner);
  await runner.refresh();
  await live(0);
  return runner;
}

const live = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const given = (choice: string) => ({ kind: "option", option: choice }) as const;
const saves = () => server.count("POST /exam/working");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
  server = new FakeServer();
  server.working_kinds = ["text", "formula", "drawing"];
  workings = new MemoryOutbox<Working>();
  root = document.createElement("div");
  document.body.append(root);
});

afterEach(() => {
  void act(() => render(null, root));
  for (const runner of running.splice(0)) runner.stop();
  vi.useRealTimers();
});

describe("saving", () => {
  it("sends what was written once, some seconds later, however many keys were pressed", async () => {
    const { working } = await open();
    for (const text of ["x", "x=", "x=5"]) working.write(text);
    working.draw(add(working.drawing.value, LINE));
    expect(working.safety.value).toBe("saving");
    await live(5000);
    expect(saves()).toBe(1);
    expect(server.working).toMatchObject({ text: "x=5", strokes: [[0, 0, 100, 0]], version: 4 });
    expect(working.safety.value).toBe("saved");
    expect(await workings.pending(7)).toEqual([]);
  });

  it("keeps it on this computer through a cut, and sends it when the network is back", async () => {
    const { working } = await open();
    server.fail("working", "network", "gateway", "network");
    working.write("x=5");
    await live(5000);
    expect(working.safety.value).toBe("waiting");
    expect(await workings.pending(7)).toHaveLength(1);
    await live(12_000);
    expect(server.working?.text).toBe("x=5");
    expect(working.safety.value).toBe("saved");
  });

  it("is there again after a reload, from the server or from this computer, whichever is newer", async () => {
    const first = await open();
    first.working.write("saved");
    await live(5000);
    expect((await open()).working.text.value).toBe("saved");
    server.fail("working", "network", "network");
    first.working.write("saved and more");
    await live(300);
    const second = await open();
    expect(second.working.text.value).toBe("saved and more");
    await live(5000);
    expect(server.working?.text).toBe("saved and more");
  });

  it("gives way to what another computer saved later", async () => {
    const first = await open();
    server.fail("working", "network");
    first.working.write("old");
    await live(300);
    first.stop();
    server.working = { section_id: 1, seq: 1, key: "k", version: 9, text: "newer", strokes: [] };
    const second = await open();
    expect(second.working.text.value).toBe("newer");
    expect(await workings.pending(7)).toEqual([]);
  });

  it("is refused beyond its bound, in words, and goes on when something is rubbed out", async () => {
    const { working } = await open();
    const long = drawingOf(Array.from({ length: 20 }, () => Array.from({ length: 1000 }, () => 999)));
    working.draw(long);
    expect(working.safety.value).toBe("full");
    expect(working.drawing.value.strokes).toEqual([]);
    working.write("я".repeat(20_001));
    expect(working.text.value).toBe("");
    working.write("x");
    expect(working.safety.value).toBe("saving");
  });
});

describe("beside the answers", () => {
  it("goes before the answer of its step, and the next step begins empty", async () => {
    const runner = await open();
    runner.working.write("x=5");
    runner.edit(given("a"));
    await runner.submit();
    await live(100);
    expect(server.log.filter((line) => line.startsWith("POST"))).toEqual(expect.arrayContaining(["POST /exam/working", "POST /exam/answers"]));
    expect(server.log.indexOf("POST /exam/working")).toBeLessThan(server.log.indexOf("POST /exam/answers"));
    expect(server.working).toMatchObject({ seq: 1, text: "x=5" });
    expect(runner.working.text.value).toBe("");
    expect(runner.working.isReady.value).toBe(true);
    expect(await workings.pending(7)).toEqual([]);
  });

  it("costs an answer nothing where nothing was written", async () => {
    const runner = await open();
    runner.edit(given("a"));
    await runner.submit();
    await live(100);
    expect(saves()).toBe(0);
    expect(server.saved.size).toBe(1);
  });

  it.each(["network", "gateway", { status: 422, code: "payload" }] as const)("never keeps an answer from being saved: %j", async (fault) => {
    const runner = await open();
    server.fail("working", ...Array.from({ length: 50 }, () => fault));
    runner.working.write("x=5");
    runner.edit(given("a"));
    void runner.submit();
    await live(20_000);
    expect(server.saved.size).toBe(1);
  });

  it("is saved though both were cut off, the working first", async () => {
    const runner = await open();
    server.fail("working", "network");
    server.fail("answers", "network", "network");
    runner.working.write("x=5");
    runner.edit(given("a"));
    void runner.submit();
    await live(20_000);
    expect(server.saved.size).toBe(1);
    expect(server.working).toMatchObject({ seq: 1, text: "x=5" });
  });
});

describe("the panel", () => {
  async function show(isLocked = false): Promise<Runner> {
    const runner = await open();
    void act(() => render(<WorkingPanel area={runner.working} isLocked={isLocked} />, root));
    return runner;
  }
  const sheet = () => root.querySelector<SVGSVGElement>(".sheet") as SVGSVGElement;
  const press = (key: string, more: KeyboardEventInit = {}) =>
    void act(() => void sheet().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more })));

  it("is not there in other subjects, and has no drawing where the edition names none", async () => {
    server.working_kinds = [];
    const runner = await open();
    const [state, step] = [runner.state.value as RunnerState, runner.step as StepView];
    void act(() => render(<Running runner={runner} state={state} step={step} />, root));
    expect(root.querySelector(".item__stem")).not.toBeNull();
    expect(root.querySelector(".work__aside")).toBeNull();
    server.working_kinds = ["text"];
    await show();
    expect(root.querySelector("textarea")).not.toBeNull();
    expect(root.querySelector(".sheet, .signs")).toBeNull();
  });

  it("draws straight lines, moves, rubs out and undoes by keyboard alone", async () => {
    const { working } = await show();
    press(" ");
    press("ArrowRight");
    press("ArrowDown", { shiftKey: true });
    press("Enter");
    expect(working.drawing.value.strokes).toEqual([[500, 300, 525, 305]]);
    press("Delete");
    expect(working.drawing.value.strokes).toEqual([]);
    press("z", { ctrlKey: true, code: "KeyZ" });
    expect(working.drawing.value.strokes).toHaveLength(1);
    press(" ");
    press("Escape");
    press("ArrowUp");
    press(" ");
    expect(working.drawing.value.strokes).toHaveLength(1);
  });

  it("takes every point of a movement that a busy computer tells of at once, and rubs out along the whole way", async () => {
    const { working } = await show();
    sheet().getBoundingClientRect = () => new DOMRect(0, 0, 1000, 600);
    sheet().setPointerCapture = () => undefined;
    const move = (type: string, [x, y]: Point, ...passed: readonly Point[]) => {
      const event = new PointerEvent(type, { bubbles: true, clientX: x, clientY: y, pointerId: 1, button: 0 });
      const at = ([clientX, clientY]: Point) => new PointerEvent(type, { clientX, clientY });
      Object.assign(event, { getCoalescedEvents: () => passed.map(at) });
      void act(() => void sheet().dispatchEvent(event));
    };
    move("pointerdown", [0, 0]);
    move("pointermove", [100, 0], [50, 80]);
    move("pointerup", [200, 0]);
    expect(working.drawing.value.strokes).toEqual([[0, 0, 50, 80, 100, 0, 200, 0]]);
    expect(root.querySelector(".sheet__line")).toBeNull();
    void act(() => [...root.querySelectorAll<HTMLButtonElement>(".sheet-tools__tool")].find((tool) => tool.textContent === "Eraser")?.click());
    move("pointerdown", [150, 200]);
    move("pointermove", [160, 150]);
    expect(working.drawing.value.strokes).toHaveLength(1);
    move("pointerup", [150, -100]);
    expect(working.drawing.value.strokes).toEqual([]);
  });

  it("keeps its keys to itself, so that none answers the question", async () => {
    await show();
    const heard = vi.fn();
    document.addEventListener("keydown", heard);
    for (const key of ["a", "Enter", "ArrowDown"]) press(key);
    document.removeEventListener("keydown", heard);
    expect(heard).not.toHaveBeenCalled();
  });

  it("puts a sign where the writing is", async () => {
    const { working } = await show();
    const box = root.querySelector("textarea") as HTMLTextAreaElement;
    box.value = "x = ";
    void act(() => void box.dispatchEvent(new Event("input", { bubbles: true })));
    box.setSelectionRange(4, 4);
    const key = (name: string) => root.querySelector<HTMLButtonElement>(`.signs__key[title='${name}']`);
    void act(() => key("Square root")?.click());
    expect(working.text.value).toBe("x = √()");
    expect(box.selectionStart).toBe(6);
    box.setSelectionRange(0, 7);
    void act(() => key("Fraction")?.click());
    expect(working.text.value).toBe("(x = √())/()");
    expect(box.selectionStart).toBe(11);
  });

  it("draws what is typed at once, where the subject has formulas", async () => {
    const { working } = await show();
    expect(root.querySelector(".written")).toBeNull();
    void act(() => working.write("x^2 <= 9/4"));
    expect(root.querySelectorAll(".written math :is(msup, mfrac)")).toHaveLength(2);
    server.working_kinds = ["text"];
    await show();
    void act(() => working.write("x^2"));
    expect(root.querySelector(".written")).toBeNull();
  });

  it("is one stop of the Tab key, with arrows among the signs, each of which is said", async () => {
    await show();
    expect(root.querySelectorAll(".signs__key[tabindex='0']")).toHaveLength(1);
    expect([signOfKey("ArrowLeft", 0, 5), signOfKey("ArrowRight", 4, 5), signOfKey("x", 3, 5)]).toEqual([4, 0, null]);
    const names = signs().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect([...root.querySelectorAll(".signs__key")].map((key) => key.firstElementChild?.textContent)).toEqual(names);
    expect(root.querySelectorAll(".signs__key > :not([aria-hidden], .govuk-visually-hidden)")).toHaveLength(0);
  });

  it("keeps the caret behind a plain sign", () => {
    const box = document.createElement("textarea");
    box.value = "2r";
    box.setSelectionRange(1, 1);
    put({ face: "π", name: "pi" }, box);
    expect([box.value, box.selectionStart]).toEqual(["2πr", 2]);
  });

  it("stands still while the answer is on its way", async () => {
    const { working } = await show(true);
    press(" ");
    press("ArrowRight");
    press(" ");
    expect(working.drawing.value.strokes).toEqual([]);
    expect(root.querySelector("textarea")?.readOnly).toBe(true);
  });
});

describe("a written task", () => {
  const ESSAY = "Биринчи сап.\nЭкинчи сап.";
  beforeEach(() => {
    server.item = { ...server.item, type: "extended_text", options: [], words: { least: 40, most: null } };
    server.working_kinds = [];
  });

  it("is saved while it is typed, there again after a reload, and given as the answer", async () => {
    const first = await open();
    first.edit({ kind: "extended", extended: "Биринчи" });
    first.edit({ kind: "extended", extended: ESSAY });
    await live(5000);
    expect([saves(), server.working?.text]).toEqual([1, ESSAY]);
    first.stop();
    const second = await open();
    expect(second.given.value).toEqual({ kind: "extended", extended: ESSAY });
    await second.submit();
    await live(0);
    expect(server.arrived.map((answer) => answer.given)).toEqual([{ kind: "extended", extended: ESSAY }]);
    expect(second.given.value).toEqual({ kind: "extended", extended: "" });
  });

  it("asks before nothing is given, and takes no key while the answer is on its way", async () => {
    const runner = await open();
    await runner.submit();
    expect([runner.isConfirming.value, server.arrived.length]).toEqual([true, 0]);
    runner.edit({ kind: "extended", extended: ESSAY });
    server.fail("answers", "network");
    const sent = runner.submit();
    await live(0);
    runner.edit({ kind: "extended", extended: "other" });
    expect(runner.working.text.value).toBe(ESSAY);
    await live(10_000);
    await sent;
    expect([...server.saved.values()].map((answer) => answer.given)).toEqual([{ kind: "extended", extended: ESSAY }]);
  });

  it("is sent when time runs out, once", async () => {
    server.remaining_ms = 3000;
    const runner = await open();
    runner.edit({ kind: "extended", extended: ESSAY });
    server.fail("answers", { status: 403, code: "time_is_up" });
    await live(3500);
    expect(server.arrived).toHaveLength(1);
    await live(6000);
    expect(server.arrived).toHaveLength(1);
    expect(runner.given.value).toBeNull();
  });

  it("has a drawing beside it where the subject has one, and no second field", async () => {
    server.working_kinds = ["text", "formula", "drawing"];
    const runner = await open();
    const { state: at } = runner;
    const state = at.value as RunnerState;
    void act(() => render(<WorkingPanel area={runner.working} isLocked={false} />, root));
    expect([root.querySelectorAll("textarea").length, root.querySelectorAll(".sheet").length]).toEqual([0, 1]);
    void act(() => render(<Running runner={runner} state={state} step={state.step as StepView} />, root));
    expect(runner.working.kinds.value).toEqual(["drawing"]);
  });
});
