// The text of an item as it is kept (itembank/items/rich.py) to a document and back. What a teacher writes is never
// lost: a sign that would mean something is escaped, and what the source cannot mark stays as plain text.
import { Fragment, type Mark, type Node, type Schema } from "prosemirror-model";
import { BLOCK, LINE } from "./schema";

const MARK = new RegExp(
  [
    String.raw`\\(?<escaped>[\\$_*\[{])`,
    String.raw`\$(?<formula>[^$]*)\$(?:\{(?<said>[^{}$]*)\})?`,
    String.raw`!\[(?<figure>[a-z0-9-]{1,40})\]`,
    String.raw`\*\*(?=\S)(?<strong>(?:[^*]|\*(?!\*))+?)(?<=\S)\*\*`,
    String.raw`\[_(?=\S)(?<part>(?:(?!_\])[\s\S])+)(?<=\S)_\]`,
    String.raw`(?<![\p{L}\p{N}_])_(?=[^\s_])(?<em>[^_]*[^\s_])_(?![\p{L}\p{N}_])`,
    String.raw`\[\[(?<gap>\d{1,2})\]\]`,
    String.raw`(?<br>\\\n)`,
  ].join("|"),
  "gu",
);
const NO_MARKS: readonly Mark[] = [];

export function parseBlock(source: string): Node {
  const parts = source.trim().split(/\n[ \t]*\n\s*/u);
  return BLOCK.node("doc", null, parts.map((part) => BLOCK.node("paragraph", null, inline(BLOCK, part, NO_MARKS))));
}

export function parseLine(source: string): Node {
  return LINE.node("doc", null, inline(LINE, source.trim(), NO_MARKS));
}

/** The text as it is kept: paragraphs with an empty line between them, or one line. */
export function write(doc: Node): string {
  if (doc.type.schema !== BLOCK) return writeInline(doc);
  const parts: string[] = [];
  doc.forEach((paragraph) => parts.push(writeInline(paragraph)));
  return parts.filter((part) => part !== "").join("\n\n");
}

/** What was pasted or typed as source, in the midst of a text. */
export function parseSlice(schema: Schema, source: string): Fragment {
  if (schema === BLOCK) return parseBlock(source).content;
  return Fragment.fromArray(inline(LINE, source.trim().replace(/\s*\n\s*/gu, " "), NO_MARKS));
}

function inline(schema: Schema, source: string, marks: readonly Mark[]): Node[] {
  const nodes: Node[] = [];
  const text = (plain: string) => {
    const said = plain.replace(/\s*\n\s*/gu, " ");
    if (said) nodes.push(schema.text(said, marks));
  };
  let end = 0;
  for (const found of source.matchAll(MARK)) {
    text(source.slice(end, found.index));
    end = found.index + found[0].length;
    nodes.push(...meant(schema, found.groups ?? {}, marks));
  }
  text(source.slice(end));
  return nodes;
}

function meant(schema: Schema, groups: Record<string, string | undefined>, marks: readonly Mark[]): Node[] {
  const { escaped, formula, said, figure, strong, part, em, gap } = groups;
  const marked = (name: string, body: string) => inline(schema, body, schema.mark(name).addToSet(marks));
  if (escaped !== undefined) return [schema.text(escaped, marks)];
  if (formula !== undefined) return [schema.node("formula", { latex: formula, said: said ?? null })];
  if (figure !== undefined) return [schema.node("figure", { name: figure })];
  if (strong !== undefined) return marked("strong", strong);
  if (part !== undefined || em !== undefined) return marked("em", part ?? em ?? "");
  if (gap !== undefined) return [schema.node("gap", { id: gap })];
  return [schema.node("br")];
}

/** A character with its marks, or a thing in the line. */
interface Piece {
  readonly text: string;
  readonly node: Node | null;
  readonly strong: boolean;
  readonly em: boolean;
}

function writeInline(parent: Node): string {
  const pieces = piecesOf(parent);
  // What is emphasised in a way that the source cannot say is said without it, never the other way round.
  const tries = [pieces, pieces.map((piece) => ({ ...piece, em: false })), pieces.map((piece) => ({ ...piece, em: false, strong: false }))];
  for (const each of tries) {
    const written = marked(each);
    if (same(piecesOf(parseLine(written)), each)) return written;
  }
  return marked(tries[2] ?? []);
}

/** What stands in a paragraph, without spaces at its ends and broken lines that are empty. */
function piecesOf(parent: Node): Piece[] {
  const pieces: Piece[] = [];
  parent.forEach((node) => {
    const has = (name: string) => node.marks.some((mark) => mark.type.name === name);
    if (!node.isText) pieces.push({ text: "", node, strong: false, em: false });
    else for (const text of node.text ?? "") pieces.push({ text: /\s/u.test(text) ? " " : text, node: null, strong: has("strong"), em: has("em") });
  });
  const isSpace = (piece: Piece | undefined) => piece !== undefined && piece.node === null && piece.text === " ";
  while (isSpace(pieces[0])) pieces.shift();
  while (isSpace(pieces.at(-1)) || pieces.at(-1)?.node?.type.name === "br") pieces.pop();
  return tidied(pieces);
}

/** A mark on a space or on a formula is not seen: it goes on where it goes on around it, and ends where it ends. */
function tidied(pieces: readonly Piece[]): Piece[] {
  const around = (at: number, mark: "strong" | "em") => {
    const letters = (step: number) => {
      let next = at + step;
      while (pieces[next] && (pieces[next]?.node || pieces[next]?.text === " ")) next += step;
      return pieces[next]?.[mark] ?? false;
    };
    return letters(-1) && letters(1);
  };
  return pieces.map((piece, at) =>
    piece.node || piece.text === " " ? { ...piece, strong: around(at, "strong"), em: around(at, "em") } : piece,
  );
}

function same(one: readonly Piece[], other: readonly Piece[]): boolean {
  return (
    one.length === other.length &&
    one.every((piece, at) => {
      const there = other[at];
      if (!there || piece.text !== there.text || piece.strong !== there.strong || piece.em !== there.em) return false;
      return piece.node === null ? there.node === null : there.node !== null && describe(piece.node) === describe(there.node);
    })
  );
}

const describe = (node: Node) => JSON.stringify([node.type.name, node.attrs]);

function marked(pieces: readonly Piece[]): string {
  return runs(pieces, "strong")
    .map(([isStrong, run]) => {
      const inside = runs(run, "em").map(([isEm, part], at, all) => (isEm ? emphasised(part, all[at - 1]?.[1], all[at + 1]?.[1]) : plain(part)));
      return isStrong ? `**${inside.join("")}**` : inside.join("");
    })
    .join("");
}

/** `_so_`, or `[_so_]` where it stands within a word or holds what would end it. */
function emphasised(run: readonly Piece[], before: readonly Piece[] | undefined, after: readonly Piece[] | undefined): string {
  const body = plain(run);
  const isWord = (piece: Piece | undefined) => piece !== undefined && (piece.node !== null || /[\p{L}\p{N}_*$\\]/u.test(piece.text));
  return isWord(before?.at(-1)) || isWord(after?.[0]) || /[_$]/u.test(body) ? `[_${body}_]` : `_${body}_`;
}

function runs(pieces: readonly Piece[], mark: "strong" | "em"): [boolean, Piece[]][] {
  const found: [boolean, Piece[]][] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last && last[0] === piece[mark]) last[1].push(piece);
    else found.push([piece[mark], [piece]]);
  }
  return found;
}

function plain(pieces: readonly Piece[]): string {
  return pieces
    .map(({ text, node }, at) => {
      const before = pieces[at - 1];
      if (!node) return escaped(text, before, pieces[at + 1]);
      return thing(node);
    })
    .join("");
}

function escaped(text: string, before: Piece | undefined, after: Piece | undefined): string {
  if (text === "\\" || text === "$") return `\\${text}`;
  const isBlank = before?.text === "_" || after?.text === "_"; // ____ is a place to fill in, and means nothing
  if (text === "_") return isBlank ? text : `\\${text}`;
  if (text === "*") return before?.text === " " && after?.text === " " ? text : `\\${text}`;
  if (text === "[") return after?.text === "[" || after?.text === "_" || before?.text === "!" ? `\\${text}` : text;
  if (text === "{") return before?.node?.type.name === "formula" ? `\\${text}` : text;
  return text;
}

function thing(node: Node): string {
  const { latex, said, name, id } = node.attrs as Record<string, string | null>;
  switch (node.type.name) {
    case "formula":
      return `$${(latex ?? "").replaceAll("$", "")}$${said === null ? "" : `{${(said ?? "").replace(/[{}$]/gu, "")}}`}`;
    case "figure":
      return `![${name}]`;
    case "gap":
      return `[[${id}]]`;
    default:
      return "\\\n";
  }
}
