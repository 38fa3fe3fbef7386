// The tokens of one formula as a tree of MathML. Whatever was typed gives a tree: what has no place in it stands as it is.
import type { RichElement } from "../wire";
import type { Kind, Token } from "./scan";

type Node = RichElement;

/** A part of a product; `inside` is what its round brackets hold, for where a bar or a line shows as much. */
interface Part {
  readonly node: Node;
  readonly inside?: readonly Node[];
}

const DEEPEST = 40;
const OPERANDS: ReadonlySet<Kind> = new Set<Kind>(["number", "letter", "function", "big", "root", "accent", "open", "bar"]);

export function treeOf(tokens: readonly Token[]): Node {
  return { t: "math", a: {}, c: new Reader(tokens).row(null) };
}

const leaf = (t: string, text: string, a: Node["a"] = {}): Node => ({ t, a, c: [text] });
const tree = (t: string, ...c: readonly Node[]): Node => ({ t, a: {}, c });
const mo = (text: string): Node => leaf("mo", text, text === "|" || text === "/" ? { stretchy: "false" } : {});
const row = (nodes: readonly Node[]): Node => (nodes.length === 1 && nodes[0] ? nodes[0] : tree("mrow", ...nodes));
/** A part without its round brackets. */
const bare = ({ node, inside }: Part): Node => (inside ? row(inside) : node);
const THIN: Node = { t: "mspace", a: { width: "0.17em" }, c: [] };

class Reader {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;
  /** Bars that are open within the innermost brackets: the next one behind an operand closes the last. */
  private bars = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  /** All up to the end, or up to what closes the brackets or bars within which it stands. */
  row(within: "close" | "bar" | null): readonly Node[] {
    const nodes: Node[] = [];
    for (let token = this.here; token; token = this.here) {
      const isEnd = within === "bar" ? token.kind === "close" : token.kind === within;
      if (isEnd) break;
      if (!this.isOperand(token)) nodes.push(mo(this.take().text));
      else {
        nodes.push(...this.product());
        if (within === "bar" && this.here?.kind === "bar") break;
      }
    }
    return nodes;
  }

  private get here(): Token | undefined {
    return this.tokens[this.at];
  }

  private is(kind: Kind): boolean {
    return this.here?.kind === kind;
  }

  /** The next token if it is of that kind, and it is passed. */
  private skip(kind: Kind): readonly Token[] {
    return this.is(kind) ? [this.take()] : [];
  }

  private take(): Token {
    const token = this.tokens[this.at] as Token;
    this.at += 1;
    return token;
  }

  /** True if something that can be raised, divided or rooted begins here. */
  private isOperand(token = this.here): boolean {
    return token !== undefined && OPERANDS.has(token.kind) && this.depth < DEEPEST;
  }

  /** Factors without a sign between them, and fractions: over the line all that went before, under it one factor. */
  private product(): readonly Node[] {
    const done: Node[] = [];
    let factors: Part[] = [];
    while (this.isOperand() && !(factors.length && this.bars && this.here?.kind === "bar")) {
      // 2 1/2 is two and a half.
      if (this.here?.kind === "number" && factors.length) done.push(...factors.splice(0).map(({ node }) => node));
      const isBig = this.here?.kind === "big";
      factors.push(this.factor());
      // What is summed or has a limit may be a fraction, not the sign before it.
      if (isBig) done.push(...factors.splice(0).map(({ node }) => node));
      while (factors.length && this.here?.kind === "slash" && this.isOperand(this.tokens[this.at + 1])) {
        this.take();
        const [only] = factors;
        const over = factors.length === 1 && only ? bare(only) : row(factors.map(({ node }) => node));
        factors = [{ node: tree("mfrac", over, bare(this.factor())) }];
      }
    }
    return [...done, ...factors.map(({ node }) => node)];
  }

  /** One operand with all that stands on it. */
  private factor(): Part {
    const token = this.here as Token;
    this.depth += 1;
    const part = token.kind === "function" ? this.applied() : this.marked(this.scripted(this.operand(), token.kind === "big"));
    this.depth -= 1;
    return part;
  }

  private operand(): Part {
    const token = this.take();
    switch (token.kind) {
      case "number":
        return { node: leaf("mn", token.text) };
      case "open":
        return this.fenced(token);
      case "bar":
        return this.between();
      case "root":
        return { node: this.rooted(token.text) };
      case "accent":
        return { node: { t: "mover", a: { accent: "true" }, c: [this.isOperand() ? bare(this.within()) : leaf("mi", "vec"), mo(token.text)] } };
      case "big":
        return { node: token.text === "lim" ? leaf("mi", "lim") : mo(token.text) };
      default:
        return { node: leaf("mi", token.text) };
    }
  }

  /** An operand of its own, one deeper. */
  private within(): Part {
    this.depth += 1;
    const part = this.operand();
    this.depth -= 1;
    return part;
  }

  private fenced(open: Token): Part {
    const outer = this.bars;
    this.bars = 0;
    const inside = this.row("close");
    this.bars = outer;
    if (!this.here) return { node: row([mo(open.text), ...inside]) };
    const close = this.take();
    const node = tree("mrow", mo(open.text), ...inside, mo(close.text));
    return open.text === "(" && close.text === ")" ? { node, inside } : { node };
  }

  private between(): Part {
    this.bars += 1;
    const inside = this.row("bar");
    this.bars -= 1;
    if (this.here?.kind !== "bar") return { node: row([mo("|"), ...inside]) };
    this.take();
    return { node: tree("mrow", leaf("mo", "|", { form: "prefix" }), ...inside, leaf("mo", "|", { form: "postfix" })) };
  }

  private rooted(sign: string): Node {
    if (!this.isOperand()) return mo(sign);
    const first = this.under();
    if (sign === "∛" || sign === "∜") return tree("mroot", bare(first), leaf("mn", sign === "∛" ? "3" : "4"));
    const isIndex = sign === "ⁿ√" && this.isOperand() && (this.here?.kind === "open" || this.here?.isApart);
    return isIndex ? tree("mroot", bare(this.under()), bare(first)) : tree("msqrt", bare(first));
  }

  /** What stands under a root: what its brackets hold, or one operand with its power. */
  private under(): Part {
    const isGroup = this.here?.kind === "open";
    const part = this.within();
    return isGroup ? part : this.scripted(part, false);
  }

  /** Powers and indices; in whichever order they were typed. */
  private scripted(base: Part, isBig: boolean): Part {
    let [lower, upper]: [Node | null, Node | null] = [null, null];
    for (let token = this.here; token; token = this.here) {
      if (token.kind === "raised" && !upper) upper = exponent(this.take().text);
      else if (token.kind === "lowered" && !lower) lower = exponent(this.take().text);
      else if (token.kind === "up" && !upper && this.hasScript()) upper = this.script(true);
      else if (token.kind === "down" && !lower && this.hasScript()) lower = this.script(false);
      else break;
    }
    const [sub, sup, both] = isBig && base.node.c[0] !== "∫" ? ["munder", "mover", "munderover"] : ["msub", "msup", "msubsup"];
    if (lower && upper) return { node: tree(both ?? "", base.node, lower, upper) };
    if (lower || upper) return { node: tree((lower ? sub : sup) ?? "", base.node, (lower ?? upper) as Node) };
    return base;
  }

  private hasScript(): boolean {
    const [next, second] = this.tokens.slice(this.at + 1, this.at + 3);
    return this.isOperand(next) || (next?.kind === "operator" && "−+±".includes(next.text) && this.isOperand(second));
  }

  private script(isPower: boolean): Node {
    this.take();
    const sign = this.skip("operator").map(({ text }) => mo(text));
    this.depth += 1;
    const part = this.operand();
    const whole = isPower && this.is("up") ? this.scripted(part, false) : part;
    this.depth -= 1;
    return row([...sign, bare(whole)]);
  }

  /** A function with its power or base, and what it is taken of. */
  private applied(): Part {
    const name = this.scripted({ node: leaf("mi", this.take().text) }, false).node;
    if (!this.isOperand()) return { node: name };
    if (this.is("open")) return { node: tree("mrow", name, this.factor().node) };
    const of: Node[] = [];
    do of.push(this.factor().node);
    while (this.isOperand() && !this.here?.isApart && !this.is("function"));
    return { node: tree("mrow", name, THIN, ...of) };
  }

  /** Degrees, primes, per cent and factorials behind it. */
  private marked(part: Part): Part {
    const marks: Node[] = [];
    while (this.here?.kind === "after") marks.push(mo(this.take().text));
    return marks.length ? { node: tree("mrow", part.node, ...marks) } : part;
  }
}

function exponent(text: string): Node {
  const [, sign, rest = ""] = /^([+−]?)(.*)$/.exec(text) ?? [];
  const value = /^\d+$/.test(rest) ? leaf("mn", rest) : leaf("mi", rest);
  return row(sign ? [mo(sign), value] : [value]);
}
