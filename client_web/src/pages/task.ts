// How far a task is, asked for every second while its page is looked at; when it has ended, its result is opened.
import { getJson } from "../common/api";
import type { TaskReply } from "../common/wire";

const EVERY_MS = 1000;
const SAY_EVERY = 0.25; // a screen reader hears of it four times, not each second

export function wakeTask(box: HTMLElement, go: (path: string) => void = (path) => location.assign(path)): void {
  const bar = box.querySelector("progress");
  const words = box.querySelector<HTMLElement>("[data-words]");
  const said = box.querySelector<HTMLElement>("[data-said]");
  let heard = -1;

  const show = (task: TaskReply): void => {
    if (bar && task.total > 0) {
      bar.max = task.total;
      bar.value = task.done;
    } else bar?.removeAttribute("value"); // how long this stage takes nobody knows
    if (words) words.textContent = task.words;
    const part = task.total > 0 ? Math.floor(task.done / task.total / SAY_EVERY) : 0;
    if (said && part !== heard) said.textContent = task.words;
    heard = part;
  };

  const ask = async (): Promise<void> => {
    if (!document.hidden) {
      try {
        const task = await getJson<TaskReply>(box.dataset["task"] ?? "");
        show(task);
        if (task.next) {
          go(task.next);
          return;
        }
      } catch {
        // The server or the network was away; the next second asks again.
      }
    }
    setTimeout(() => void ask(), EVERY_MS);
  };
  void ask();
}
