import { afterEach, expect, test, vi } from "vitest";
import { listenToReader, plainNumber, Scanner } from "../../src/console/ctrl/scanner";

function typed(scanner: Scanner, line: string, apart_ms: number): (string | null)[] {
  return [...line, "Enter"].map((key, n) => scanner.press(key, 1000 + n * apart_ms));
}

test("DC-9: a line at a reader's pace is a slip, a person's typing is not", () => {
  expect(typed(new Scanner(), "26-001-00003-5", 8).at(-1)).toBe("26-001-00003-5");
  expect(typed(new Scanner(), "26-001-00003-5", 120).every((each) => each === null)).toBe(true);
  expect(typed(new Scanner(), "26", 8).at(-1)).toBeNull();
});

test("two slips in a row are two lines, and named keys are no part of them", () => {
  const scanner = new Scanner();
  expect(typed(scanner, "AAAAA1", 5).at(-1)).toBe("AAAAA1");
  for (const [n, key] of ["Shift", "B", "Shift", "B", "B", "B", "2"].entries()) scanner.press(key, 5000 + n * 5);
  expect(scanner.press("Enter", 5040)).toBe("BBBB2");
});

let stop: () => void = () => undefined;
afterEach(() => stop());

test("a reader is heard anywhere but in a text field, and its Enter presses nothing", () => {
  const onLine = vi.fn();
  stop = listenToReader(window, onLine);
  const press = (target: EventTarget, key: string) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    target.dispatchEvent(event);
    return event;
  };
  const button = document.body.appendChild(document.createElement("button"));
  for (const key of "AB12345") press(button, key);
  expect(press(button, "Enter").defaultPrevented).toBe(true);
  expect(onLine).toHaveBeenCalledExactlyOnceWith("AB12345");
  const field = document.body.appendChild(document.createElement("input"));
  for (const key of "AB12345") press(field, key);
  expect(press(field, "Enter").defaultPrevented).toBe(false);
  expect(onLine).toHaveBeenCalledTimes(1);
});

test("dashes and case of a number do not matter", () => {
  expect(plainNumber("26-001-00003-5")).toBe(plainNumber("26 001 00003 5"));
  expect(plainNumber("kg-7")).toBe("KG7");
});
