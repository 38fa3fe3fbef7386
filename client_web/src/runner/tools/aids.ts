// What the candidate has set for reading and answering: kept on this device for the session, and never what is read.
import { signal } from "@preact/signals";
import type { RunnerState, Tool } from "../../common/wire";

export const SIZES = [100, 125, 150, 200, 250, 300] as const;
export const COLOURS = ["usual", "contrast", "dark"] as const;

export type Colours = (typeof COLOURS)[number];
/** From where to where, in characters of a text. */
export type Span = readonly [number, number];

export interface Look {
  readonly size: number;
  readonly colours: Colours;
  /** The tools that are switched on. */
  readonly on: readonly Tool[];
}

/** What stands on the open step: options crossed out, and places marked in the stem and in the passage. */
export interface Marks {
  readonly step: string;
  readonly crossed: readonly string[];
  readonly stem: readonly Span[];
  readonly passage: readonly Span[];
}

interface Kept {
  readonly owner: number;
  readonly look: Look;
  readonly marks: Marks;
}

const PLACE = "synak-tools";
const PLAIN: Look = { size: 100, colours: "usual", on: [] };
const NO_MARKS: Marks = { step: "", crossed: [], stem: [], passage: [] };

/** The tools that the sitting offers (DC-15). */
export const offered = signal<readonly Tool[]>([]);
export const look = signal<Look>(PLAIN);
export const marks = signal<Marks>(NO_MARKS);
let owner: number | null = null;
/** What large print was granted as an accommodation: never smaller unless the candidate wants it so. */
let granted = PLAIN.size;

export const isOn = (tool: Tool) => offered.value.includes(tool) && look.value.on.includes(tool);

/** Before the server has been heard: the page looks as it was left on this device. */
export function recallLook(): void {
  const kept = read();
  if (kept) apply(kept.look);
}

/** The tools of this session; what another candidate had set here is gone. A mark stays as long as its step is open. */
export function showAids(state: Pick<RunnerState, "session_id" | "tools" | "text_percent">, step: string): void {
  if (owner !== state.session_id) {
    const kept = read();
    const own = kept?.owner === state.session_id ? kept : null;
    owner = state.session_id;
    granted = SIZES.find((size) => size >= state.text_percent) ?? PLAIN.size;
    look.value = own?.look ?? { ...PLAIN, size: granted };
    marks.value = own?.marks ?? NO_MARKS;
  }
  offered.value = state.tools;
  if (step && marks.value.step !== step) marks.value = { ...NO_MARKS, step };
  keep();
}

export function changeLook(change: Partial<Look>): void {
  look.value = { ...look.value, ...change };
  keep();
}

export function switchTool(tool: Tool): void {
  const { on } = look.value;
  changeLook({ on: on.includes(tool) ? on.filter((one) => one !== tool) : [...on, tool] });
}

/** The option is crossed out, or is not any more; the answer itself does not change. */
export function crossOut(step: string, option: string): void {
  const crossed = crossedAt(step);
  const others = crossed.filter((one) => one !== option);
  setMarks(step, { crossed: others.length < crossed.length ? others : [...crossed, option] });
}

export function crossedAt(step: string): readonly string[] {
  return marks.value.step === step ? marks.value.crossed : [];
}

export function setMarks(step: string, change: Partial<Marks>): void {
  const now = marks.value.step === step ? marks.value : NO_MARKS;
  marks.value = { ...now, ...change, step };
  keep();
}

function keep(): void {
  apply(look.value);
  if (owner === null) return;
  try {
    localStorage.setItem(PLACE, JSON.stringify({ owner, look: look.value, marks: marks.value } satisfies Kept));
  } catch {
    // No room, or none allowed: the tools work until the page is left.
  }
}

function read(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "null") as Kept | null;
    return kept && Array.isArray(kept.look.on) && Array.isArray(kept.marks.stem) ? kept : null;
  } catch {
    return null;
  }
}

function apply({ size, colours }: Look): void {
  const { dataset } = document.documentElement;
  const may = (tool: Tool) => owner === null || offered.value.includes(tool);
  dataset["size"] = String(may("text_size") ? size : granted);
  dataset["colours"] = may("colours") ? colours : PLAIN.colours;
}
