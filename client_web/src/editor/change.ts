// Changes of an item's source. What has a place in every language (options, gaps, menus) changes in all of them at once.
import type { FigureSource, ItemSource, Language, TextSource } from "../common/wire";

export type Part = "options" | "prompts";
type Lines = readonly string[];

export const LANGUAGE_ORDER: readonly Language[] = ["ky", "ru", "en"];

export function languagesOf(item: ItemSource): Language[] {
  return LANGUAGE_ORDER.filter((language) => item.texts[language]);
}

export function textOf(item: ItemSource, language: Language): TextSource {
  const text = item.texts[language];
  if (!text) throw new Error(`no text in ${language}`);
  return text;
}

export function withText(item: ItemSource, language: Language, change: Partial<TextSource>): ItemSource {
  return { ...item, texts: { ...item.texts, [language]: { ...textOf(item, language), ...change } } };
}

export function everyText(item: ItemSource, change: (text: TextSource, language: Language) => TextSource): ItemSource {
  const texts = languagesOf(item).map((language) => [language, change(textOf(item, language), language)] as const);
  return { ...item, texts: Object.fromEntries(texts) };
}

/** Another language, with as many empty places as the origin has. */
export function withLanguage(item: ItemSource, origin: Language, language: Language): ItemSource {
  const from = textOf(item, origin);
  const empty = (lines: Lines) => lines.map(() => "");
  const figures = Object.fromEntries(Object.entries(from.figures).map(([name, each]) => [name, { ...each, alternative: "", description: each.description === null ? null : "" }]));
  const text: TextSource = {
    ...from,
    stem: "",
    options: empty(from.options),
    accepted: from.accepted.length ? [""] : [],
    prompts: empty(from.prompts),
    menus: from.menus.map(empty),
    passage: from.passage === null ? null : "",
    figures,
    recording: from.recording && { ...from.recording, title: "", transcript: "" },
    rubric: "",
  };
  return { ...item, texts: { ...item.texts, [language]: text } };
}

export function withoutLanguage(item: ItemSource, language: Language): ItemSource {
  return { ...item, texts: Object.fromEntries(Object.entries(item.texts).filter(([each]) => each !== language)) };
}

export function setLine(item: ItemSource, language: Language, part: Part | "accepted", at: number, written: string): ItemSource {
  return withText(item, language, { [part]: put(textOf(item, language)[part], at, written) });
}

export function addLine(item: ItemSource, part: Part): ItemSource {
  const changed = everyText(item, (text) => ({ ...text, [part]: [...text[part], ""] }));
  return part === "options" && item.type === "hotspot" ? { ...changed, areas: [...item.areas, nextArea(item.areas.length)] } : changed;
}

export function removeLine(item: ItemSource, part: Part, at: number): ItemSource {
  const changed = everyText(item, (text) => ({ ...text, [part]: without(text[part], at) }));
  if (part !== "options") return changed;
  const isRight = at < item.n_right && item.n_right > 1;
  return { ...changed, areas: without(item.areas, at), n_right: isRight ? item.n_right - 1 : item.n_right };
}

export function moveLine(item: ItemSource, part: Part, from: number, to: number): ItemSource {
  const changed = everyText(item, (text) => ({ ...text, [part]: moved(text[part], from, to) }));
  return part === "options" ? { ...changed, areas: moved(item.areas, from, to) } : changed;
}

/** The answer is right from now on: the only one, or one more. */
export function makeRight(item: ItemSource, at: number): ItemSource {
  if (at < item.n_right) return item;
  if (item.type === "choice") return moveLine(item, "options", at, 0);
  return { ...moveLine(item, "options", at, item.n_right), n_right: item.n_right + 1 };
}

/** The answer is wrong from now on; the last right one stays. */
export function makeWrong(item: ItemSource, at: number): ItemSource {
  if (at >= item.n_right || item.n_right === 1) return item;
  return { ...moveLine(item, "options", at, item.n_right - 1), n_right: item.n_right - 1 };
}

export function addMenu(item: ItemSource): ItemSource {
  return everyText(item, (text) => ({ ...text, menus: [...text.menus, ["", "", ""]] }));
}

export function removeMenu(item: ItemSource, at: number): ItemSource {
  return everyText(item, (text) => ({ ...text, menus: text.menus.filter((_menu, n) => n !== at) }));
}

/** Changes the words of one drop-down, in every language alike. */
export function changeMenu(item: ItemSource, at: number, change: (menu: Lines) => Lines): ItemSource {
  return everyText(item, (text) => ({ ...text, menus: text.menus.map((menu, n) => (n === at ? change(menu) : menu)) }));
}

export function setMenuLine(item: ItemSource, language: Language, menu: number, at: number, written: string): ItemSource {
  const menus = textOf(item, language).menus.map((each, n) => (n === menu ? put(each, at, written) : each));
  return withText(item, language, { menus });
}

/** The file stands in every language, under one name; what is said of it is each language's own. */
export function addFigure(item: ItemSource, digest: string, isPassage: boolean): { item: ItemSource; name: string } {
  const head = isPassage ? "passage" : "figure";
  const taken = new Set(languagesOf(item).flatMap((language) => Object.keys(textOf(item, language).figures)));
  let n = 1;
  while (taken.has(`${head}-${n}`)) n += 1;
  const name = `${head}-${n}`;
  const figure: FigureSource = { digest, alternative: "", description: null };
  return { name, item: everyText(item, (text) => ({ ...text, figures: { ...text.figures, [name]: figure } })) };
}

export function changeFigure(item: ItemSource, language: Language, name: string, change: Partial<FigureSource>): ItemSource {
  const { figures } = textOf(item, language);
  const figure = figures[name];
  return figure ? withText(item, language, { figures: { ...figures, [name]: { ...figure, ...change } } }) : item;
}

/** The figure is gone from the files and from every text that named it. */
export function removeFigure(item: ItemSource, name: string): ItemSource {
  const bare = (written: string) => written.replaceAll(`![${name}]`, "");
  return everyText(item, (text) => ({
    ...text,
    stem: bare(text.stem),
    options: text.options.map(bare),
    prompts: text.prompts.map(bare),
    passage: text.passage === null ? null : bare(text.passage),
    picture: text.picture === name ? null : text.picture,
    figures: Object.fromEntries(Object.entries(text.figures).filter(([each]) => each !== name)),
  }));
}

/** The number of the next gap that a text does not have yet. */
export function nextGap(stem: string): string {
  const taken = new Set([...stem.matchAll(/\[\[(\d{1,2})\]\]/gu)].map((found) => Number(found[1])));
  let n = 1;
  while (taken.has(n)) n += 1;
  return String(n);
}

/** Another type begins with what there is: the words stay where they can. */
export function withType(item: ItemSource, type: ItemSource["type"]): ItemSource {
  const isMenus = type === "inline_choice";
  const typed = type === "text_entry" || type === "extended_text";
  const changed = everyText(item, (text) => {
    const words = text.options.length ? text.options : text.menus[0] ?? ["", "", ""];
    return {
      ...text,
      options: isMenus || typed ? [] : words,
      menus: isMenus ? (text.menus.length ? text.menus : [words.slice(0, 5)]) : [],
      prompts: type === "matching" ? (text.prompts.length ? text.prompts : words.map(() => "").slice(0, 3)) : [],
      accepted: type === "text_entry" ? (text.accepted.length ? text.accepted : [""]) : [],
      picture: type === "hotspot" ? text.picture : null,
      rubric: type === "extended_text" ? text.rubric : "",
    };
  });
  const n = languagesOf(changed).map((language) => textOf(changed, language).options.length)[0] ?? 0;
  return {
    ...changed,
    type,
    number: type === "text_entry" ? item.number : null,
    tolerance: type === "text_entry" ? item.tolerance : null,
    n_right: type === "multiple_choice" ? Math.min(2, Math.max(1, n - 1)) : 1,
    words: type === "extended_text" ? item.words : [null, null],
    areas: type === "hotspot" ? Array.from({ length: n }, (_none, at) => item.areas[at] ?? nextArea(at)) : [],
  };
}

const nextArea = (n: number) => `rect ${20 + 100 * (n % 4)} ${20 + 80 * Math.floor(n / 4)} 80 60`;

export const put = (lines: Lines, at: number, written: string): Lines => lines.map((line, n) => (n === at ? written : line));
export const without = (lines: Lines, at: number): Lines => lines.filter((_line, n) => n !== at);

export function moved(lines: Lines, from: number, to: number): Lines {
  const rest = [...without(lines, from)];
  rest.splice(to, 0, lines[from] ?? "");
  return lines[from] === undefined ? lines : rest;
}
