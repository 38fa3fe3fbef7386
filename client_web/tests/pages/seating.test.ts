import { beforeEach, expect, test, vi } from "vitest";
import { ahead, wakeSeating } from "../../src/pages/seating";

const seat = (id: number, x: number, y: number, more = ""): string =>
  `<g id="seat-${id}" data-seat="${id}" data-x="${x}" data-y="${y}" data-words="Seat ${id}" ${more}><rect/></g>`;

let sent: string[][];

beforeEach(() => {
  location.hash = "";
  document.body.innerHTML = `
    <p id="plan-help" hidden></p>
    <p id="plan-said" data-taken="Taken: {seat}" data-kept="Kept" data-back="Back"></p>
    <div data-seating><svg role="img">
      ${seat(1, 100, 100, 'data-session="11"')}${seat(2, 200, 100, 'data-session="12"')}
      ${seat(3, 100, 200)}${seat(4, 200, 200, 'data-session="14" data-kept')}
    </svg></div>
    <form data-move><select name="session"><option value="12">b</option><option value="11">a</option></select>
    <select name="seat_id"><option>1</option><option>2</option><option>3</option><option>4</option></select></form>`;
  sent = [];
  const form = document.querySelector("form")!;
  vi.spyOn(form, "requestSubmit").mockImplementation(() => {
    sent.push([...form.querySelectorAll("select")].map((each) => each.value));
  });
});

const wake = (): void => wakeSeating(document.querySelector("[data-seating]")!);
const at = (id: number): Element => document.getElementById(`seat-${id}`)!;
const press = (key: string): void => {
  document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
};
const said = (): string => document.getElementById("plan-said")!.textContent ?? "";
const focus = (id: number): void => (at(id) as unknown as HTMLElement).focus();

test("the nearest seat in a direction, straight ahead before aside", () => {
  const [a, b, c] = [{ x: 0, y: 0 }, { x: 300, y: 10 }, { x: 100, y: 100 }] as const;
  expect(ahead(a, [a, b, c], "ArrowRight")).toBe(b);
  expect(ahead(a, [a, b, c], "ArrowDown")).toBe(c);
  expect(ahead(a, [a, b, c], "ArrowLeft")).toBeUndefined();
  expect(ahead(b, [a, b, c], "ArrowUp")).toBe(a);
});

test("arrows walk, Enter takes up and swaps", () => {
  wake();
  focus(1);
  press("Enter");
  expect(said()).toBe("Taken: Seat 1");
  expect(at(1).getAttribute("aria-pressed")).toBe("true");
  press("ArrowRight");
  expect(document.activeElement).toBe(at(2));
  expect([at(1), at(2)].map((each) => each.getAttribute("tabindex"))).toEqual(["-1", "0"]);
  press("Enter");
  expect(sent).toEqual([["11", "2"]]);
});

test("Escape puts back, an empty seat gives nobody, a kept one says so", () => {
  wake();
  focus(1);
  press(" ");
  press("Escape");
  expect(said()).toBe("Back");
  press("ArrowDown");
  press("Enter");
  press("ArrowRight");
  press("Enter");
  expect(said()).toBe("Kept");
  expect(sent).toEqual([]);
});

test("a candidate is dragged to a free seat", () => {
  wake();
  document.elementFromPoint = () => at(3);
  at(2).dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, button: 0 }));
  at(3).dispatchEvent(new PointerEvent("pointermove", { bubbles: true }));
  expect(at(3).classList.contains("room-plan__seat--over")).toBe(true);
  at(3).dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
  expect(sent).toEqual([["12", "3"]]);
});

test("a kept candidate is not dragged, nor is one dragged onto a kept seat", () => {
  wake();
  for (const [from, to] of [[4, 3], [1, 4]] as const) {
    document.elementFromPoint = () => at(to);
    at(from).dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, button: 0 }));
    at(to).dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
  }
  expect(sent).toEqual([]);
  expect(said()).toBe("Kept");
});

test("after a move the seat has the focus, and the help is shown", () => {
  location.hash = "#seat-3";
  wake();
  expect(document.activeElement).toBe(at(3));
  expect(document.getElementById("plan-help")!.hasAttribute("hidden")).toBe(false);
});
