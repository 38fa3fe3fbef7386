// Walking over the plan with the keyboard: rows of different lengths, with gaps.
import { expect, test } from "vitest";
import { inOrder, stepTo } from "../../src/console/ctrl/grid";
import { makeSeat } from "./factory";

//  1  2  .  4
//  5  .  .  8
//  .  .  .  .
//  9 10 11
const seats = [
  makeSeat(11, 4, 3), makeSeat(1, 1, 1), makeSeat(2, 1, 2), makeSeat(4, 1, 4), makeSeat(5, 2, 1), makeSeat(8, 2, 4), makeSeat(9, 4, 1), makeSeat(10, 4, 2),
];

test("reading order is by row, then column", () => {
  expect(inOrder(seats).map((seat) => seat.seat_id)).toEqual([1, 2, 4, 5, 8, 9, 10, 11]);
});

test.each([
  [1, "ArrowRight", 2],
  [2, "ArrowRight", 4],
  [4, "ArrowRight", 4],
  [4, "ArrowLeft", 2],
  [1, "ArrowLeft", 1],
  [1, "ArrowDown", 5],
  [2, "ArrowDown", 5],
  [8, "ArrowDown", 11],
  [5, "ArrowDown", 9],
  [11, "ArrowDown", 11],
  [11, "ArrowUp", 8],
  [9, "ArrowUp", 5],
  [4, "ArrowUp", 4],
  [4, "Home", 1],
  [5, "End", 8],
])("from %i by %s to %i", (from, key, to) => {
  expect(stepTo(seats, from, key)).toBe(to);
});

test("Ctrl with Home and End goes to the ends of the plan", () => {
  expect(stepTo(seats, 8, "Home", true)).toBe(1);
  expect(stepTo(seats, 1, "End", true)).toBe(11);
});

test("other keys are no steps; from nowhere one starts at the first seat", () => {
  expect(stepTo(seats, 1, "a")).toBeNull();
  expect(stepTo([], 1, "ArrowLeft")).toBeNull();
  expect(stepTo(seats, 99, "ArrowRight")).toBe(2);
});
