// Marks in the stem and the passage: by drag, by a press on a mark, or word by word from the keyboard.
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { announce } from "../../common/dom";
import { _ } from "../../common/i18n";
import { marks, setMarks, type Span } from "./aids";
import { isMarked, joined, offsetOf, rangeOf, textOf, wholeWords, without, wordsOf } from "./spans";

type Text = "stem" | "passage";
const PLACES: Readonly<Record<Text, string>> = { stem: ".item__stem", passage: ".passage" };
const TEXTS = Object.keys(PLACES) as readonly Text[];

/** Browsers without the Highlight interface have no highlighter. */
export const canHighlight = typeof Highlight === "function" && "highlights" in CSS;

const rootOf = (text: Text) => document.querySelector(PLACES[text]);

/** The mark is put there, or taken away where all of it is marked already. */
function toggle(step: string, text: Text, span: Span): void {
  const spans = marks.peek()[text];
  const isThere = isMarked(spans, span);
  setMarks(step, { [text]: isThere ? without(spans, span) : joined(spans, span) });
  const words = textOf(rootOf(text) as Element).slice(...span);
  announce(isThere ? _("Mark taken away: %(words)s", { words }) : _("Marked: %(words)s", { words }));
}

function paint(name: string, ranges: readonly Range[]): void {
  CSS.highlights.set(name, new Highlight(...ranges));
}

function paintMarks(): void {
  const ranges = TEXTS.flatMap((text) => {
    const root = rootOf(text);
    return root ? marks.peek()[text].map((span) => rangeOf(root, span)) : [];
  });
  paint("synak-mark", ranges);
}

/** Nothing is drawn here: marks lie over the text that stands elsewhere in the page. */
export function Highlighter({ step, isActive }: { step: string; isActive: boolean }): VNode | null {
  const shown = marks.value;
  useEffect(paintMarks, [shown, step]);
  useEffect(() => {
    const roots = TEXTS.map(rootOf).filter((root) => root !== null);
    const watch = new MutationObserver(paintMarks);
    for (const root of roots) watch.observe(root, { childList: true, subtree: true, characterData: true });
    return () => watch.disconnect();
  }, [step]);
  useEffect(() => () => CSS.highlights.clear(), []);
  usePointer(step, isActive);
  useKeys(step, isActive);
  return null;
}

function usePointer(step: string, isActive: boolean): void {
  useEffect(() => {
    if (!isActive) return undefined;
    const up = () => {
      const selection = getSelection();
      if (!selection || selection.rangeCount === 0) return;
      const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
      for (const text of TEXTS) {
        const root = rootOf(text);
        const from = root && offsetOf(root, startContainer, startOffset);
        const to = root && offsetOf(root, endContainer, endOffset);
        if (from === null || to === null || !root) continue;
        const pressed = selection.isCollapsed ? marks.peek()[text].find(([a, b]) => a <= from && from < b) : null;
        const span = pressed ?? (selection.isCollapsed ? null : wholeWords(textOf(root), [from, to]));
        if (span) toggle(step, text, span);
      }
      selection.removeAllRanges();
    };
    document.addEventListener("pointerup", up);
    return () => document.removeEventListener("pointerup", up);
  }, [step, isActive]);
}

interface Cursor {
  readonly text: Text;
  readonly anchor: number;
  readonly at: number;
}

/** With the focus on a text, the arrows go from word to word, with Shift they take more of them, Space marks. */
function useKeys(step: string, isActive: boolean): void {
  const cursor = useRef<Cursor | null>(null);
  useEffect(() => {
    cursor.current = null;
    if (!isActive) return undefined;
    const press = (event: KeyboardEvent) => {
      const text = TEXTS.find((one) => event.target === rootOf(one) || event.target === rootOf(one)?.closest("[tabindex]"));
      const root = text && rootOf(text);
      if (!text || !root || event.altKey || event.ctrlKey || event.metaKey) return;
      const words = wordsOf(textOf(root));
      const before = cursor.current?.text === text ? cursor.current : { text, anchor: 0, at: -1 };
      const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
      const isMark = event.key === " " || event.key === "Enter";
      if (by === undefined && !(isMark && before.at >= 0)) return;
      event.preventDefault();
      event.stopPropagation();
      if (by !== undefined) {
        const at = Math.min(words.length - 1, Math.max(0, before.at < 0 ? 0 : before.at + by));
        cursor.current = { text, at, anchor: event.shiftKey && before.at >= 0 ? before.anchor : at };
      }
      showCursor(root, words, cursor.current as Cursor, isMark ? step : null);
    };
    const leave = () => paint("synak-cursor", []);
    document.addEventListener("keydown", press, true);
    document.addEventListener("focusout", leave);
    return () => {
      document.removeEventListener("keydown", press, true);
      document.removeEventListener("focusout", leave);
      leave();
    };
  }, [step, isActive]);
}

/** The words under the cursor are shown and said; with a step they are marked. */
function showCursor(root: Element, words: readonly Span[], { text, anchor, at }: Cursor, step: string | null): void {
  const [first, last] = [words[Math.min(anchor, at)], words[Math.max(anchor, at)]];
  if (!first || !last) return;
  const span: Span = [first[0], last[1]];
  const range = rangeOf(root, span);
  paint("synak-cursor", [range]);
  range.startContainer.parentElement?.scrollIntoView({ block: "nearest" });
  if (step !== null) return toggle(step, text, span);
  const said = textOf(root).slice(...span);
  announce(isMarked(marks.peek()[text], span) ? _("%(words)s, marked", { words: said }) : said);
}
