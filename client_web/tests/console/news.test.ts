// What is said aloud: each alarm once, many alarms in one sentence, the end of late admission.
import { expect, test } from "vitest";
import { knownOf, news } from "../../src/console/ctrl/news";
import { ago, makeCard, makeSeat, makeSession } from "./factory";

const room = (silent: readonly number[], n = 10) =>
  Array.from({ length: n }, (_each, i) =>
    makeCard(makeSeat(i + 1, 1, i + 1, makeSession(i + 1, { presence: { seen_at: ago(silent.includes(i + 1) ? 60 : 1) } }))),
  );
const calm = knownOf(room([]), null);

test("a new alarm names the seats, and is not repeated", () => {
  const cards = room([3, 5]);
  const now = knownOf(cards, null);
  expect(news(calm, now, cards)).toEqual(["Alarm: no connection with seat 3, 5."]);
  expect(news(now, now, cards)).toEqual([]);
});

test("many at once are counted", () => {
  const cards = room([1, 2, 3, 4, 5, 6, 7]);
  expect(news(calm, knownOf(cards, null), cards)).toEqual(["Alarm: 7 candidates lost the connection."]);
});

test("who is heard again is told", () => {
  const cards = room([]);
  expect(news(knownOf(room([3]), null), calm, cards)).toEqual(["Connected again: seat 3."]);
});

test("late admission is told at its marks and at its end, once", () => {
  const at = (late_s: number | null) => ({ ...calm, late_s });
  expect(news(at(601), at(600), [])).toEqual(["Latecomers may come for 10 more minutes."]);
  expect(news(at(600), at(599), [])).toEqual([]);
  expect(news(at(61), at(60), [])).toEqual(["Latecomers may come for 1 more minute."]);
  expect(news(at(0), at(-1), [])).toEqual(["Late admission has ended."]);
  expect(news(at(-1), at(-2), [])).toEqual([]);
  expect(news(at(null), at(50), [])).toEqual([]);
});
