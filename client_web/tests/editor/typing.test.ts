// Somebody who types is ahead of the page: what the page gives back late must not undo what was typed since.
import { afterEach, expect, test } from "vitest";
import { Written, type Settings } from "../../src/editor/rich/mount";
import { write } from "../../src/editor/rich/source";

const opened: Written[] = [];
afterEach(() => opened.splice(0).forEach((each) => each.destroy()));

function field(source: string, isBlock = true): { written: Written; told: string[]; give: (source: string) => void; text: () => string } {
  const told: string[] = [];
  const settings: Settings = {
    source,
    isBlock,
    isReadOnly: false,
    attributes: {},
    onChange: (now) => told.push(now),
    onFormula: () => undefined,
    draw: () => () => undefined,
  };
  const written = new Written(document.body.appendChild(document.createElement("div")), settings);
  opened.push(written);
  return { written, told, give: (now) => written.update({ ...settings, source: now }), text: () => write(written.view.state.doc) };
}

const type = (written: Written, letters: string): void => {
  for (const letter of letters) written.view.dispatch(written.view.state.tr.insertText(letter));
};

test("what comes back late leaves what was typed since, and the cursor where it is", () => {
  const { written, told, give, text } = field("");
  type(written, "Ка");
  give(told[0]!);
  type(written, "нт");
  give(told[1]!);
  give(told[2]!);
  type(written, "!");
  give(told[4]!);
  expect(text()).toBe("Кант!");
  expect(told).toEqual(["К", "Ка", "Кан", "Кант", "Кант!"]);
});

test("an older text that is drawn again for another reason changes nothing", () => {
  const { written, give, text } = field("");
  type(written, "ab");
  give("");
  give("");
  expect(text()).toBe("ab");
});

test("a text of somebody else stands in the place of ours", () => {
  const { written, told, give, text } = field("");
  type(written, "ab");
  give("theirs");
  expect(text()).toBe("theirs");
  give(told[1]!);
  expect(text()).toBe("ab");
});

test("a text taken back to what it was is shown", () => {
  const { written, told, give, text } = field("first");
  type(written, "x");
  give(told[0]!);
  give("first");
  expect(text()).toBe("first");
});
