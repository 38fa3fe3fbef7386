// Rich text as the server sends it: a tree of nodes, drawn element by element. No markup is ever parsed here.
import { createContext, createElement, type ComponentChild, type VNode } from "preact";
import { useContext } from "preact/hooks";
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
  const drawn = content.map((node, index) => draw(node, index, gap, spoken !== null));
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

/** How a figure is drawn where the text names it; a page without figures draws none. */
export const FigureOf = createContext<DrawGap>(nothing);

function Figure({ id }: { id: string }): VNode {
  return <>{useContext(FigureOf)(id)}</>;
}

/** `isSaid` within a text that is heard in other words: its formulas and figures need none of their own. */
function draw(node: string | RichElement, index: number, gap: DrawGap, isSaid: boolean): ComponentChild {
  if (typeof node === "string") return node;
  const tag = node.t.toLowerCase();
  if (SILENT.has(tag)) return null;
  if (tag === "gap") return gap(node.a["id"] ?? "");
  if (tag === "figure") return <Figure key={index} id={node.a["id"] ?? ""} />;
  const children = (node.c ?? []).map((child, at) => draw(child, at, gap, isSaid));
  if (!TAGS.has(tag)) return children;
  const said = tag === "math" && !isSaid ? node.a["alttext"] : undefined;
  // A figure may open into paragraphs, which a paragraph cannot hold.
  const drawn = tag === "p" && node.c.some((child) => typeof child !== "string" && child.t === "figure") ? "div" : tag;
  const element = createElement(drawn, { key: index, ...attributes(tag, node.a ?? {}), ...(said ? { "aria-hidden": "true" } : {}) }, ...children);
  return said ? [element, <span key={`${index}-said`} class="govuk-visually-hidden">{` ${said} `}</span>] : element;
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
