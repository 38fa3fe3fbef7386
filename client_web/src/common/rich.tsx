// Rich text as the server sends it: a tree of nodes, drawn element by element. No markup is ever parsed here.
import { createElement, type ComponentChild, type VNode } from "preact";
import type { RichElement } from "./wire";

export type Rich = RichElement["c"];

const HTML = "p br em strong i b u s sub sup span div ul ol li table caption thead tbody tr th td blockquote code pre q img".split(" ");
const MATHML = (
  "math mrow mi mn mo ms mtext mspace msup msub msubsup mfrac msqrt mroot munder mover munderover mmultiscripts " +
  "mprescripts none mtable mtr mtd mstyle mpadded mphantom menclose merror semantics"
).split(" ");
const TAGS = new Set([...HTML, ...MATHML]);
/** Left out with all they hold; any other unknown element gives way to its children. */
const SILENT = new Set(["script", "style", "template", "iframe", "object", "embed", "annotation", "annotation-xml"]);

const ATTRIBUTES = new Set(
  (
    "lang dir alt width height colspan rowspan scope aria-label role start display displaystyle scriptlevel mathvariant " +
    "mathsize stretchy fence separator form symmetric largeop movablelimits minsize maxsize lspace rspace linethickness " +
    "accent accentunder columnalign rowalign columnspan depth voffset notation"
  ).split(" "),
);

/** Rich text in place; `spoken` replaces formulas for a screen reader, which would otherwise hear nothing. */
export function RichText({ content, spoken = null, gap = nothing }: { content: Rich; spoken?: string | null; gap?: DrawGap }): VNode {
  const drawn = content.map((node, index) => draw(node, index, gap));
  if (!spoken) return <>{drawn}</>;
  return (
    <>
      <span aria-hidden="true">{drawn}</span>
      <span class="govuk-visually-hidden">{spoken}</span>
    </>
  );
}

/** What stands in the gap of that name. */
type DrawGap = (id: string) => ComponentChild;
const nothing: DrawGap = () => null;

function draw(node: string | RichElement, index: number, gap: DrawGap): ComponentChild {
  if (typeof node === "string") return node;
  const tag = node.t.toLowerCase();
  if (SILENT.has(tag)) return null;
  if (tag === "gap") return gap(node.a["id"] ?? "");
  const children = (node.c ?? []).map((child, at) => draw(child, at, gap));
  if (!TAGS.has(tag)) return children;
  return createElement(tag, { key: index, ...attributes(tag, node.a ?? {}) }, ...children);
}

function attributes(tag: string, given: RichElement["a"]): Record<string, string> {
  const kept = Object.entries(given).filter(([name]) => ATTRIBUTES.has(name));
  // A picture comes from our own server or not at all.
  if (tag === "img" && /^\/(?!\/)/.test(given["src"] ?? "")) kept.push(["src", given["src"] ?? ""]);
  return Object.fromEntries(kept);
}

/** The bare text, for a title or a label. */
export function plainText(content: Rich): string {
  return content.map((node) => (typeof node === "string" ? node : plainText(node.c ?? []))).join("");
}
