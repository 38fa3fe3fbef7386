// Places in a text as spans of characters, and where they lie in the page. Nothing here changes the page.
import type { Span } from "./aids";

const WORD = /[\p{L}\p{N}]+(?:[-’'.,][\p{L}\p{N}]+)*/gu;
/** Not part of what is read: what is chosen in a gap, and what only a screen reader hears. */
const APART = "select, button, .govuk-visually-hidden";

/** All of `spans` and `more`, in order, those that touch joined. */
export function joined(spans: readonly Span[], more: Span): readonly Span[] {
  const found: Span[] = [];
  for (const [from, to] of [...spans, more].sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && from <= last[1] + 1) found[found.length - 1] = [last[0], Math.max(last[1], to)];
    else found.push([from, to]);
  }
  return found;
}

/** `spans` without what lies in `less`. */
export function without(spans: readonly Span[], [from, to]: Span): readonly Span[] {
  return spans.flatMap(([a, b]) => ([[a, Math.min(b, from)], [Math.max(a, to), b]] as const).filter(([x, y]) => x < y));
}

export function isMarked(spans: readonly Span[], [from, to]: Span): boolean {
  return spans.some(([a, b]) => a <= from && to <= b);
}

export function wordsOf(text: string): readonly Span[] {
  return [...text.matchAll(WORD)].map((word) => [word.index, word.index + word[0].length]);
}

/** The span, widened to whole words; null where it meets none. */
export function wholeWords(text: string, [from, to]: Span): Span | null {
  const met = wordsOf(text).filter(([a, b]) => a < to && from < b);
  const [first, last] = [met[0], met.at(-1)];
  return first && last ? [first[0], last[1]] : null;
}

export function textNodes(root: Element): readonly Text[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    if (!node.parentElement?.closest(APART)) found.push(node);
  }
  return found;
}

export function textOf(root: Element): string {
  return textNodes(root).map(({ data }) => data).join("");
}

/** Where a place of the page lies in the text of `root`; null outside of it. */
export function offsetOf(root: Element, node: Node, offset: number): number | null {
  if (!root.contains(node)) return null;
  const before = document.createRange();
  before.setStart(root, 0);
  before.setEnd(node, offset);
  let count = 0;
  for (const each of textNodes(root)) {
    if (each === node) return count + offset;
    if (!before.intersectsNode(each)) return count;
    count += each.data.length;
  }
  return count;
}

export function rangeOf(root: Element, [from, to]: Span): Range {
  const range = document.createRange();
  let count = 0;
  for (const node of textNodes(root)) {
    const next = count + node.data.length;
    if (count <= from && from < next) range.setStart(node, from - count);
    if (count < to && to <= next) range.setEnd(node, to - count);
    count = next;
  }
  return range;
}
