// Filters, the search, and the room in numbers.
import { describe, expect, test } from "vitest";
import { matches, passes, rollOf } from "../../src/console/ctrl/filters";
import type { Filter } from "../../src/console/types";
import { ago, makeCard, makeSeat, makeSession } from "./factory";

const cards = [
  makeCard(makeSeat(1, 1, 1, makeSession(1, { name: "Өмүрзакова Гүлзада" }))),
  makeCard(makeSeat(2, 1, 2, makeSession(2, { progress: { state: "expected" }, desk: { identity: "unchecked" } }))),
  makeCard(makeSeat(3, 1, 3, makeSession(3, { progress: { state: "expected" } }))),
  makeCard(makeSeat(4, 2, 1, makeSession(4, { presence: { seen_at: ago(40) } }))),
  makeCard(makeSeat(5, 2, 2, makeSession(5, { presence: { lost_focus: 2 } }))),
  makeCard(makeSeat(6, 2, 3, makeSession(6, { progress: { state: "removed" }, desk: { warnings: 1 } }))),
  makeCard(makeSeat(7, 3, 1, makeSession(7, { progress: { is_signed_in: false } }))),
  makeCard(makeSeat(8, 3, 2)),
];
const shown = (filter: Filter) => cards.filter((card) => passes(card, filter)).map((card) => card.seat.seat_id);
const found = (query: string) => cards.filter((card) => matches(card, query)).map((card) => card.seat.seat_id);

describe("filters", () => {
  test("all shows every seat, free ones too", () => expect(shown("all")).toHaveLength(8));
  test("identity shows who is expected and not confirmed", () => expect(shown("identity")).toEqual([2]));
  test("silent shows who is not heard, and who is not signed in though the test runs", () => expect(shown("silent")).toEqual([4, 7]));
  test("warned shows warnings and left windows of those still at work", () => expect(shown("warned")).toEqual([5]));
});

describe("search", () => {
  test("nothing typed matches all", () => expect(found(" ")).toHaveLength(8));
  test("a short number is the seat's, exactly", () => expect(found("1")).toEqual([1]));
  test("a name is found in any case and on a Russian keyboard", () => expect(found("омурзакова ГУЛ")).toEqual([1]));
  test("a registration number is found by a part", () => expect(found("70005")).toEqual([5]));
  test("nobody", () => expect(found("zzz")).toEqual([]));
});

test("the roll counts each candidate once", () => {
  expect(rollOf(cards)).toMatchObject({
    seated: 7, expected: 2, admitted: 0, unchecked: 1, toAdmit: 1, running: 4, paused: 0, over: 1, connected: 4, unconnected: 2,
  });
});
