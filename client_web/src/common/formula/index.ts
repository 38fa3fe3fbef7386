// Formulas in a text as it was typed: x^2, sqrt(3), 3/4, <=, pi. Each line becomes a tree that RichText draws; no markup is made.

/* No library of this kind is used: those that are kept read "x = 1 / 2" as (x = 1)/2 and "sin x / cos x" as sin (x/cos) x,
   know neither a comma before decimals nor Cyrillic words, and hand out markup that would have to be sanitised. */
import type { Rich } from "../rich";
import { treeOf } from "./parse";
import { scan, type Token } from "./scan";

/** Nobody types longer ones; what is pasted or sent so is shown as it is. */
const LONGEST_LINE = 2000;

/** The lines of the text, each with its formulas drawn; a line without any is what was typed. */
export function linesOf(text: string): readonly Rich[] {
  return text.split("\n").map(lineOf);
}

/** True if anything in the text is drawn otherwise than it was typed. */
export function hasFormula(lines: readonly Rich[]): boolean {
  return lines.some((line) => line.some((piece) => typeof piece !== "string"));
}

function lineOf(line: string): Rich {
  if (line.length > LONGEST_LINE) return [line];
  const pieces: Rich[number][] = [];
  let at = 0;
  for (const run of runsOf(scan(line))) {
    const [first, last] = [run[0], run.at(-1)];
    if (!first || !last) continue;
    if (first.from > at) pieces.push(line.slice(at, first.from));
    pieces.push(treeOf(run));
    at = last.to;
  }
  if (at < line.length || !pieces.length) pieces.push(line.slice(at));
  return pieces;
}

/** What stands between the words and reads as a formula. */
function runsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const runs: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth = Math.max(0, depth + (token.kind === "open" ? 1 : token.kind === "close" ? -1 : 0));
    const isStop = depth === 0 && (token.text === "," || token.text === ";");
    if (token.kind === "words" || isStop) runs.push([]);
    else runs.at(-1)?.push(token);
  }
  return runs.map((run) => trimmed(run, tokens)).filter(isFormula);
}

/** A dash before a word is no minus; a bracket round words is none of the formula's. */
function trimmed(run: readonly Token[], tokens: readonly Token[]): readonly Token[] {
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last) return run;
  if (first.kind === "close") return trimmed(run.slice(1), tokens);
  const isDash = last.text === "−" && tokens[tokens.indexOf(last) + 1]?.kind === "words";
  return last.kind === "open" || isDash ? trimmed(run.slice(0, -1), tokens) : run;
}

/** Numbers and brackets alone look the same either way; signs alone say nothing. */
function isFormula(run: readonly Token[]): boolean {
  const isOperand = ({ kind }: Token) => ["number", "letter", "function", "big", "root", "accent"].includes(kind);
  return run.some(isOperand) && run.some(({ kind }) => !["number", "open", "close"].includes(kind));
}
