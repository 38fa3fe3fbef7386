// A calculator of four functions, as a machine: a key in, what it then shows. One step after the other, as desk ones do.

export type Operation = "+" | "−" | "×" | "÷";
export type Key = `${number}` | "," | "=" | "C" | "⌫" | "±" | Operation;

/** `entry` is what is typed or was reckoned last; `held` waits for its second number under `operation`. */
export interface Reckoning {
  readonly entry: string;
  readonly held: number | null;
  readonly operation: Operation | null;
  /** The next digit begins a new number. */
  readonly isDone: boolean;
  readonly fault: "zero" | "long" | null;
}

export const CLEAR: Reckoning = { entry: "0", held: null, operation: null, isDone: true, fault: null };
const DIGITS = 12;
const MOST = 10 ** DIGITS;

const ACTS: Readonly<Record<Operation, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "−": (a, b) => a - b,
  "×": (a, b) => a * b,
  "÷": (a, b) => a / b,
};

export function press(now: Reckoning, key: Key): Reckoning {
  if (key === "C") return CLEAR;
  if (now.fault) return now;
  if (/^\d$/.test(key) || key === ",") return typed(now, key);
  if (key === "⌫") return now.isDone ? now : shortened(now);
  if (key === "±") return { ...now, entry: negated(now.entry) };
  return reckoned(now, key === "=" ? null : (key as Operation));
}

function typed(now: Reckoning, key: string): Reckoning {
  const begun = now.isDone ? "0" : now.entry;
  if (key === "," ? begun.includes(".") : begun.replace(/\D/g, "").length >= DIGITS) return now;
  const entry = key === "," ? `${begun}.` : begun === "0" ? key : begun === "-0" ? `-${key}` : begun + key;
  return { ...now, entry, isDone: false };
}

function shortened(now: Reckoning): Reckoning {
  const entry = now.entry.slice(0, -1);
  return { ...now, entry: entry === "" || entry === "-" ? "0" : entry };
}

function negated(entry: string): string {
  if (Number(entry) === 0) return entry;
  return entry.startsWith("-") ? entry.slice(1) : `-${entry}`;
}

function reckoned(now: Reckoning, next: Operation | null): Reckoning {
  // An operation pressed after another one takes its place.
  if (now.operation && now.isDone && next) return { ...now, operation: next };
  const entry = Number(now.entry);
  if (now.held === null || now.operation === null) return { ...now, held: next ? entry : null, operation: next, isDone: true };
  if (now.operation === "÷" && entry === 0) return { ...CLEAR, fault: "zero" };
  const value = rounded(ACTS[now.operation](now.held, entry));
  if (Math.abs(value) >= MOST) return { ...CLEAR, fault: "long" };
  return { entry: plain(value), held: next ? value : null, operation: next, isDone: true, fault: null };
}

/** Of binary fractions only the digits that a person would write: 0.1 + 0.2 is 0.3. */
const rounded = (value: number) => Number(value.toPrecision(DIGITS));

function plain(value: number): string {
  const text = value.toFixed(DIGITS - 1);
  const [whole = "0", part = ""] = text.split(".");
  const places = Math.max(0, DIGITS - whole.replace(/\D/g, "").length);
  const kept = part.slice(0, places).replace(/0+$/, "");
  return kept ? `${whole}.${kept}` : whole === "-0" ? "0" : whole;
}
