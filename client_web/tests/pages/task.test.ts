// A task's box: the bar moves, the words follow, a screen reader hears quarters, and the result is opened.
import { beforeEach, expect, test, vi } from "vitest";
import { wakeTask } from "../../src/pages/task";

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = '<div data-task="/t"><progress max="1" value="0"></progress><p data-words></p><p data-said></p></div>';
});

function task(done: number, next: string | null = null, total = 100): Response {
  return new Response(JSON.stringify({ state: next ? "done" : "running", done, total, words: `${done} of 100`, next }));
}

test("progress is shown until the end, which opens the result", async () => {
  const answers = [task(10), task(20), task(30), task(100, "/bank/rehearsals/4")];
  vi.stubGlobal("fetch", () => Promise.resolve(answers.shift()));
  const went: string[] = [];
  const box = document.querySelector<HTMLElement>("div")!;
  const heard: (string | null)[] = [];
  wakeTask(box, (path) => went.push(path));
  for (let n = 0; n < 4; n++) {
    await vi.advanceTimersByTimeAsync(n === 0 ? 10 : 1000);
    heard.push(box.querySelector("[data-said]")!.textContent);
  }
  expect(box.querySelector("progress")!.value).toBe(100);
  expect(box.querySelector("[data-words]")!.textContent).toBe("100 of 100");
  expect(heard).toEqual(["10 of 100", "10 of 100", "30 of 100", "100 of 100"]);
  expect(went).toEqual(["/bank/rehearsals/4"]);
});

test("a stage without an end in sight shows that it goes on, not how far", async () => {
  const answers = [task(10), task(3, null, 0), task(10)];
  vi.stubGlobal("fetch", () => Promise.resolve(answers.shift()));
  const bar = document.querySelector("progress")!;
  const seen: boolean[] = [];
  wakeTask(document.querySelector<HTMLElement>("div")!, () => undefined);
  for (let n = 0; n < 3; n++) {
    await vi.advanceTimersByTimeAsync(n === 0 ? 10 : 1000);
    seen.push(bar.hasAttribute("value"));
  }
  expect(seen).toEqual([true, false, true]);
});

test("a server that is away is asked again", async () => {
  const fetched = vi.fn(() => Promise.reject(new TypeError("away")));
  vi.stubGlobal("fetch", fetched);
  wakeTask(document.querySelector<HTMLElement>("div")!, () => undefined);
  await vi.advanceTimersByTimeAsync(2500);
  expect(fetched).toHaveBeenCalledTimes(3);
});
