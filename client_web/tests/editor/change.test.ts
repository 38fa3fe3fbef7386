// Changes of an item's source, the difference of two texts, and places on a picture.
import { describe, expect, it } from "vitest";
import type { ItemSource, TextSource } from "../../src/common/wire";
import * as change from "../../src/editor/change";
import { difference } from "../../src/editor/diff";
import { dragged, nudged, readArea, reshaped, writeArea } from "../../src/editor/view/Areas";
import { makeItem, makeText } from "./factory";

const options = (item: ItemSource, language: "ky" | "ru" = "ky") => change.textOf(item, language).options;

describe("answers", () => {
  it("are added, taken away and moved in every language alike", () => {
    const item = change.moveLine(change.removeLine(change.addLine(makeItem(), "options"), "options", 1), "options", 2, 0);
    expect(options(item)).toEqual(["ky 4", "ky 1", "ky 3", ""]);
    expect(options(item, "ru")).toEqual(["ru 4", "ru 1", "ru 3", ""]);
  });

  it("one that becomes right stands first, and the only right one is another", () => {
    const item = change.makeRight(makeItem(), 2);
    expect(options(item)).toEqual(["ky 3", "ky 1", "ky 2", "ky 4"]);
    expect(item.n_right).toBe(1);
  });

  it("of several right ones the last never becomes wrong", () => {
    const two = change.makeRight(makeItem({ type: "multiple_choice" }), 3);
    expect([options(two), two.n_right]).toEqual([["ky 1", "ky 4", "ky 2", "ky 3"], 2]);
    const one = change.makeWrong(two, 0);
    expect([options(one), one.n_right]).toEqual([["ky 4", "ky 1", "ky 2", "ky 3"], 1]);
    expect(change.makeWrong(one, 0)).toBe(one);
    expect(change.removeLine(two, "options", 0).n_right).toBe(1);
  });

  it("on a picture take their places with them", () => {
    const item = makeItem({ type: "hotspot", areas: ["rect 1 1 5 5", "rect 2 2 5 5", "rect 3 3 5 5", "rect 4 4 5 5"] });
    expect(change.makeRight(item, 3).areas[1]).toBe("rect 4 4 5 5");
    expect(change.removeLine(item, "options", 0).areas).toHaveLength(3);
    expect(change.addLine(item, "options").areas).toHaveLength(5);
  });
});

describe("a type", () => {
  const types: ItemSource["type"][] = ["choice", "multiple_choice", "matching", "ordering", "inline_choice", "gap_match", "hotspot", "text_entry", "extended_text"];

  it("that is left for another and come back to keeps the words that it can", () => {
    for (const type of types) {
      const there = change.withType(makeItem(), type);
      expect(there.type).toBe(type);
      const back = change.withType(there, "choice");
      if (!["text_entry", "extended_text"].includes(type)) expect(options(back)).toEqual(options(makeItem()));
      expect([back.areas, back.words, back.number, change.textOf(back, "ky").menus]).toEqual([[], [null, null], null, []]);
    }
  });
});

describe("languages", () => {
  it("a new one has the places of the origin, empty, and is taken away again", () => {
    const item = makeItem({}, { passage: "Окуу", prompts: ["a", "b"] });
    const more = change.withLanguage(item, "ky", "en");
    expect(change.textOf(more, "en")).toMatchObject({ stem: "", options: ["", "", "", ""], prompts: ["", ""], passage: "" });
    expect(change.withoutLanguage(more, "en")).toEqual(item);
  });
});

describe("figures", () => {
  it("stand in every language under one name, and leave every text with it", () => {
    const { item, name } = change.addFigure(makeItem(), "d".repeat(64), false);
    expect(name).toBe("figure-1");
    expect(change.addFigure(item, "e".repeat(64), false).name).toBe("figure-2");
    expect(change.addFigure(item, "e".repeat(64), true).name).toBe("passage-1");
    const told = change.changeFigure(change.withText(item, "ky", { stem: `Мына ![${name}]` }), "ky", name, { alternative: "Карта" });
    expect(change.textOf(told, "ru").figures[name]?.alternative).toBe("");
    const gone = change.removeFigure(told, name);
    expect([change.textOf(gone, "ky").stem, change.textOf(gone, "ky").figures]).toEqual(["Мына ", {}]);
  });

  it("the next gap is the first that is not there", () => {
    expect([change.nextGap(""), change.nextGap("[[1]] [[3]]")]).toEqual(["1", "2"]);
  });
});

describe("the difference of two texts", () => {
  const said = (kind: string, before: string, after: string) =>
    difference(before, after).filter((run) => run.kind === kind || run.kind === "same").map((run) => run.text).join("");

  it("tells both texts whole", () => {
    for (const [before, after] of [["бир эки үч", "бир төрт үч беш"], ["", "жаңы"], ["$x^2$ эмне", "$x^3$ эмне"], ["а б в", "в б а"]] as const) {
      expect([said("gone", before, after), said("new", before, after)]).toEqual([before, after]);
    }
  });

  it("leaves alone what is the same", () => {
    expect(difference("бир эки үч", "бир беш үч")).toEqual([
      { kind: "same", text: "бир " },
      { kind: "gone", text: "эки " },
      { kind: "new", text: "беш " },
      { kind: "same", text: "үч" },
    ]);
  });
});

describe("places on a picture", () => {
  it("are read and written, and what is no place is none", () => {
    for (const written of ["rect 10 20 100 50", "circle 60 40 12", "polygon 0 0 50 0 25 40"]) {
      const area = readArea(written);
      expect(area && writeArea(area)).toBe(written);
    }
    for (const wrong of ["", "star 1 2", "rect 1 x 2 3", "rect -1 2 3 4", "rect 1 2 3 99999"]) expect(readArea(wrong)).toBeNull();
  });

  it("move by the arrows and grow with Shift", () => {
    expect(nudged({ shape: "rect", at: [10, 10, 40, 30] }, 5, 0, false).at).toEqual([15, 10, 40, 30]);
    expect(nudged({ shape: "rect", at: [10, 10, 40, 30] }, 0, 5, true).at).toEqual([10, 10, 40, 35]);
    expect(nudged({ shape: "circle", at: [10, 10, 8] }, -5, 0, true).at).toEqual([10, 10, 5]);
    expect(nudged({ shape: "polygon", at: [0, 0, 5, 0, 0, 5] }, 5, 10, false).at).toEqual([5, 10, 10, 10, 5, 15]);
    expect(writeArea(nudged({ shape: "rect", at: [0, 0, 9, 9] }, -5, 0, false))).toBe("rect 0 0 9 9");
  });

  it("are drawn from corner to corner, circles from their middle, and change their shape where they are", () => {
    expect(dragged("rect", [50, 60], [10, 20])).toEqual({ shape: "rect", at: [10, 20, 40, 40] });
    expect(dragged("circle", [10, 10], [13, 14]).at).toEqual([10, 10, 5]);
    expect(reshaped("circle 50 50 20", "rect").at).toEqual([30, 30, 40, 40]);
    expect(reshaped("rect 30 30 40 40", "circle").at).toEqual([50, 50, 20]);
    expect(reshaped("rect 0 0 10 10", "polygon").at).toEqual([0, 0, 10, 0, 10, 10, 0, 10]);
  });
});

it("a text of the factory is whole", () => {
  expect(Object.keys(makeText("ky") satisfies TextSource)).toHaveLength(10);
});
