// A work is marked by keyboard; nothing that was chosen is lost on a dropped line.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AGAIN_MS, TOGETHER_MS, pointsOf, wakeMarking } from "../../src/pages/marking";

const gone: string[] = [];
let form: HTMLFormElement;

function page(maximum = 12, replaces = ""): HTMLFormElement {
  const points = Array.from({ length: maximum + 1 }, (_, n) => `<label><input type="radio" name="points" value="${n}">${n}</label>`);
  document.body.innerHTML = `<form method="post" action="/marking/works/abc" data-marking="abc" data-maximum="${maximum}"
    data-saving="Saving" data-waiting="Waiting" data-signed-out="Signed out" data-choose="Choose">
    <input type="hidden" name="key" value="k1"><input type="hidden" name="replaces" value="${replaces}">
    ${points.join("")}<textarea name="note"></textarea><button>Keep</button><p data-said></p></form>`;
  form = document.querySelector("form") as HTMLFormElement;
  wakeMarking(form, (url) => gone.push(url));
  return form;
}

function press(key: string, timeStamp: number, target: Element = document.body, more: KeyboardEventInit = {}): void {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  Object.defineProperty(event, "timeStamp", { value: timeStamp });
  target.dispatchEvent(event);
}

const chosen = () => form.querySelector<HTMLInputElement>("input:checked")?.value;
const said = () => form.querySelector("[data-said]")?.textContent;
const reply = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const refusal = (status: number) => reply(status, { error: { code: "x", message: "No", clause: null } });

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  gone.length = 0;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("digits make points as far as the scale goes", () => {
  expect([pointsOf("", "7", 10), pointsOf("1", "0", 10), pointsOf("1", "1", 10), pointsOf("", "9", 5)]).toEqual([7, 10, 1, null]);
});

test("digits choose points, Enter keeps them and goes on", async () => {
  const asked = vi.fn((_url: string, _init: RequestInit) => Promise.resolve(reply(200, { next: "/marking/next" })));
  vi.stubGlobal("fetch", asked);
  page();
  press("1", 10_000);
  expect(chosen()).toBe("1");
  press("2", 10_000 + TOGETHER_MS - 1);
  expect(chosen()).toBe("12");
  press("3", 10_000 + 3 * TOGETHER_MS);
  expect(chosen()).toBe("3");
  press("Enter", 20_000);
  await vi.advanceTimersByTimeAsync(0);
  expect(JSON.parse(String(asked.mock.calls[0]?.[1].body))).toMatchObject({ key: "k1", points: 3, replaces: null });
  expect(gone).toEqual(["/marking/next"]);
  expect(sessionStorage.length).toBe(0);
});

test("what is typed in the note is no points, and Enter there no end", () => {
  page();
  const note = form.querySelector("textarea") as HTMLTextAreaElement;
  press("4", 10_000, note);
  press("Enter", 10_001, note);
  expect([chosen(), said()]).toEqual([undefined, ""]);
  press("Enter", 10_002, note, { ctrlKey: true });
  expect(said()).toBe("Choose");
});

test("a dropped line loses nothing: the same mark is sent until it is answered", async () => {
  let isDown = true;
  const bodies: string[] = [];
  vi.stubGlobal("fetch", (_url: string, init: RequestInit) => {
    bodies.push(String(init.body));
    return isDown ? Promise.reject(new TypeError("no network")) : Promise.resolve(reply(200, { next: "/n" }));
  });
  page();
  press("7", 10_000);
  press("Enter", 10_500);
  await vi.advanceTimersByTimeAsync(0);
  expect([said(), gone.length]).toEqual(["Waiting", 0]);
  press("2", 11_000); // while it is under way nothing is changed behind it
  expect(chosen()).toBe("7");
  await vi.advanceTimersByTimeAsync(AGAIN_MS[0]);
  isDown = false;
  await vi.advanceTimersByTimeAsync(AGAIN_MS[1]);
  expect(gone).toEqual(["/n"]);
  expect(bodies.length).toBe(3);
  expect(new Set(bodies).size).toBe(1);
});

test("signed out meanwhile, and signed in again: the mark is still on the page", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(refusal(401)));
  page();
  press("9", 10_000);
  const note = form.querySelector("textarea") as HTMLTextAreaElement;
  note.value = "Short";
  press("Enter", 10_500);
  await vi.advanceTimersByTimeAsync(0);
  expect(said()).toBe("Signed out");
  page();
  expect([chosen(), form.querySelector("textarea")?.value]).toEqual(["9", "Short"]);
  page(12, "55");
  expect(chosen()).toBe(undefined);
});

test("a refusal is said and the marker may go on", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(refusal(409)));
  page();
  press("9", 10_000);
  press("Enter", 10_500);
  await vi.advanceTimersByTimeAsync(0);
  expect(said()).toBe("No");
  press("8", 13_000);
  expect(chosen()).toBe("8");
});
