// What was typed, in signs of mathematics and words between them. Letters that only look Latin are taken as such.

export type Kind = "number" | "letter" | "function" | "big" | "root" | "accent" | "operator" | "slash" | "open" | "close" | "bar" | "up" | "down" | "raised" | "lowered" | "after" | "words";

export interface Token {
  readonly kind: Kind;
  /** As it is shown. */
  readonly text: string;
  /** From where to where it was typed. */
  readonly from: number;
  readonly to: number;
  /** A space stands before it. */
  readonly isApart: boolean;
  /** One Cyrillic letter: a variable or a word of the language, as its neighbours say. */
  readonly isDoubtful: boolean;
}

const GREEK: Readonly<Record<string, string>> = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", theta: "θ", lambda: "λ", mu: "μ", pi: "π", rho: "ρ", sigma: "σ",
  tau: "τ", phi: "φ", omega: "ω", Delta: "Δ", Omega: "Ω", Sigma: "Σ", Pi: "Π",
};
const FUNCTIONS = "sin cos tan tg cot ctg arcsin arccos arctan arctg arcctg log lg ln exp max min".split(" ");
/** Names of more than one letter: what they are, and how they are shown. */
const NAMES: ReadonlyMap<string, readonly [Kind, string]> = new Map<string, readonly [Kind, string]>([
  ...Object.entries(GREEK).map(([name, sign]) => [name, ["letter", sign]] as const),
  ...FUNCTIONS.map((name) => [name, ["function", name]] as const),
  ["sqrt", ["root", "√"]], ["root", ["root", "ⁿ√"]], ["cbrt", ["root", "∛"]], ["vec", ["accent", "→"]],
  ["lim", ["big", "lim"]], ["sum", ["big", "∑"]], ["int", ["big", "∫"]], ["oo", ["letter", "∞"]], ["inf", ["letter", "∞"]], ["deg", ["after", "°"]],
]);
/** Words that could be read as products of letters. */
const PROSE = new Set("an and are as at be but by do for go he if in is it let no not of on or so the to up us we you sinus".split(" "));
const LONGEST_NAME = 7;

/** Cyrillic letters that nobody tells from Latin ones. */
const ALIKE: Readonly<Record<string, string>> = {
  а: "a", е: "e", к: "k", о: "o", р: "p", с: "c", у: "y", х: "x", А: "A", В: "B", Е: "E", К: "K", М: "M", Н: "H", О: "O", Р: "P", С: "C", Т: "T", У: "Y", Х: "X",
};

const OPERATORS: Readonly<Record<string, string>> = {
  "<=>": "⇔", "...": "…", "=>": "⇒", "<=": "≤", "=<": "≤", ">=": "≥", "!=": "≠", "<>": "≠", "->": "→", "+-": "±", "-+": "∓", "~~": "≈", "~=": "≈",
  "||": "∥", "*": "·", "-": "−", "–": "−", "+": "+", "=": "=", "<": "<", ">": ">", "~": "∼",
};
const SIGNS = "±∓−×·÷∙≠≈≤≥≡∼→⇒⇔∈∉∪∩⊂⊃∅∠△⊥∥∀∃…";
const ROOTS = "√∛∜";
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋ₙ";
const PLAIN = "0123456789+−n";
const KINDS: Readonly<Record<string, Kind>> = {
  "(": "open", "[": "open", "{": "open", ")": "close", "]": "close", "}": "close", "|": "bar", "/": "slash", "^": "up", _: "down", "°": "after", "%": "after",
  "'": "after", "′": "after", "’": "after", "!": "after", ",": "operator", ";": "operator", ":": "operator", "∞": "letter",
};
/** A number, letters of one alphabet, raised or lowered signs, an operator of several signs, or any one sign. */
const PARTS = new RegExp(String.raw`\s+|\d+(?:[.,]\d+)*|[A-Za-z]+|[\u0370-\u03ff]|[\u0400-\u052f\u0300\u0301]+|[${RAISED}]+|[${LOWERED}]+|<=>|\.\.\.|=>|<=|=<|>=|!=|<>|->|\+-|-\+|~~|~=|\|\||.`, "gsu");

export function scan(line: string): readonly Token[] {
  const found: Token[] = [];
  let isApart = false;
  for (const { 0: typed, index } of line.matchAll(PARTS)) {
    if (!typed.trim()) {
      isApart = true;
      continue;
    }
    let from = index;
    for (const [kind, text, length] of kindsOf(typed, isApart, line[index + typed.length])) {
      const isDoubtful = typed.length === 1 && /[\u0400-\u052f]/.test(typed);
      found.push({ kind, text, from, to: from + length, isApart: isApart && from === index, isDoubtful });
      from += length;
    }
    isApart = false;
  }
  found.forEach((token, n) => (found[n] = settled(token, found[n - 1], found[n + 1])));
  return found;
}

type Read = readonly [kind: Kind, text: string, length: number];

function kindsOf(typed: string, isApart: boolean, next: string | undefined): readonly Read[] {
  const whole = (kind: Kind, text = typed): readonly Read[] => [[kind, text, typed.length]];
  const [first = ""] = typed;
  if (/\d/.test(first)) return whole("number");
  if (/[A-Za-z]/.test(first)) return latin(typed) ?? whole("words");
  if (/[\u0370-\u03ff]/.test(first)) return whole("letter");
  if (/[\u0400-\u052f]/.test(first)) return cyrillic(typed) ?? whole("words");
  if (RAISED.includes(first)) return whole("raised", plain(typed, RAISED));
  if (LOWERED.includes(first)) return whole("lowered", plain(typed, LOWERED));
  if (ROOTS.includes(first)) return whole("root");
  if (typed === "||" && !(isApart && next === " ")) return [["bar", "|", 1], ["bar", "|", 1]];
  const operator = OPERATORS[typed];
  if (operator) return whole("operator", operator);
  if (SIGNS.includes(typed)) return whole("operator");
  return whole(KINDS[typed] ?? "words", typed === "'" || typed === "’" ? "′" : typed);
}

function plain(signs: string, alphabet: string): string {
  return [...signs].map((sign) => PLAIN[[...alphabet].indexOf(sign)]).join("");
}

/** Names and single letters; null if it reads as a word. */
function latin(typed: string): readonly Read[] | null {
  if (PROSE.has(typed.toLowerCase()) && typed !== typed.toUpperCase()) return null;
  const parts: Read[] = [];
  for (let at = 0; at < typed.length; at += parts.at(-1)?.[2] ?? 1) parts.push(nameAt(typed, at) ?? ["letter", typed[at] ?? "", 1]);
  const singles = parts.filter(([, , length]) => length === 1).length;
  const hasName = singles < parts.length;
  const isProduct = typed.length <= 3 || (typed.length === 4 && typed === typed.toUpperCase());
  return isProduct || (hasName && singles <= 2) ? parts : null;
}

function nameAt(typed: string, at: number): Read | null {
  for (let length = Math.min(LONGEST_NAME, typed.length - at); length > 1; length -= 1) {
    const name = NAMES.get(typed.slice(at, at + length));
    // Short ones are no part of a longer row of letters, or "book" would hold infinity.
    if (name && (length > 2 || length === typed.length || name[1] !== "∞")) return [...name, length];
  }
  return null;
}

/** One letter may be a variable, some capitals the points of a figure; all else is a word. */
function cyrillic(typed: string): readonly Read[] | null {
  const shown = [...typed].map((letter) => ALIKE[letter] ?? "");
  if (typed.length === 1) return [["letter", shown[0] || typed, 1]];
  const isPoints = typed.length <= 3 && typed === typed.toUpperCase() && shown.every(Boolean);
  return isPoints ? shown.map((letter) => ["letter", letter, 1] as const) : null;
}

const SCRIPTS: ReadonlySet<Kind> = new Set<Kind>(["up", "down", "raised", "lowered"]);
const JOINS: ReadonlySet<Kind> = new Set<Kind>([...SCRIPTS, "slash", "operator"]);

/** Signs that mean something only beside others are words elsewhere. */
function settled(token: Token, before: Token | undefined, after: Token | undefined): Token {
  const isWord =
    (token.isDoubtful && token.kind === "letter" && !joins(before, token.isApart) && !joins(after, after?.isApart ?? false) && !isTight(token, before, after)) ||
    (token.text === ":" && (!before || before.kind === "words")) ||
    (token.kind === "slash" && before?.kind === "words" && !token.isApart) ||
    (token.kind === "after" && (token.isApart || !before || before.kind === "words" || before.kind === "operator"));
  if (isWord) return { ...token, kind: "words" };
  // 5 см^2: a unit may be raised.
  const isUnit = token.kind === "words" && after !== undefined && !after.isApart && SCRIPTS.has(after.kind) && /^\p{L}+$/u.test(token.text);
  return isUnit ? { ...token, kind: "letter" } : token;
}

function joins(other: Token | undefined, isApart: boolean): boolean {
  return other !== undefined && JOINS.has(other.kind) && !(isApart && "−:,;".includes(other.text));
}

function isTight(token: Token, before: Token | undefined, after: Token | undefined): boolean {
  const isNumber = before?.kind === "number" && !token.isApart;
  const isGroup = (after?.kind === "open" || after?.kind === "after") && !after.isApart;
  return isNumber || isGroup || (before?.kind === "open" && !token.isApart && after?.kind === "close");
}
