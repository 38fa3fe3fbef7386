// The two practice items of the briefing. They count for nothing and are never sent.
import { _, language } from "../common/i18n";
import type { Rich } from "../common/rich";
import type { ItemView, RichElement } from "../common/wire";

const m = (t: string, ...c: Rich): RichElement => ({ t, a: {}, c });
const math = (...c: Rich): RichElement => ({ t: "math", a: {}, c });
const root = (n: string): Rich => [math(m("mi", "y"), m("mo", "="), m("msqrt", m("mn", n)))];

/** No figure, no area, no length expected. */
const PLAIN = { is_several: false, figures: {}, picture: null, words: null } as const;

/** x² − 9 over x + 3 */
const fraction = math(
  m(
    "mfrac",
    m("mrow", m("msup", m("mi", "x"), m("mn", "2")), m("mo", "−"), m("mn", "9")),
    m("mrow", m("mi", "x"), m("mo", "+"), m("mn", "3")),
  ),
);

/** Splits a sentence at `{x}` and puts a formula there, so that translations may move it. */
function around(sentence: string, formula: RichElement): Rich {
  const [before = "", after = ""] = sentence.split("{x}");
  return [m("p", before, formula, after)];
}

export function practiceItems(): readonly ItemView[] {
  return [
    {
      type: "choice",
      language: language(),
      stem: [m("p", _("Which of these equals y = 2?"))],
      options: [
        { id: "a", content: root("2"), spoken: _("y is the square root of 2"), area: null },
        { id: "b", content: root("3"), spoken: _("y is the square root of 3"), area: null },
        { id: "c", content: root("4"), spoken: _("y is the square root of 4"), area: null },
        { id: "d", content: root("5"), spoken: _("y is the square root of 5"), area: null },
      ],
      slots: [],
      passage: null,
      is_numeric: false,
      ...PLAIN,
    },
    {
      type: "text_entry",
      language: language(),
      stem: around(_("Find the value of {x} when x = 6.5."), fraction),
      options: [],
      slots: [],
      passage: null,
      is_numeric: true,
      ...PLAIN,
    },
  ];
}
