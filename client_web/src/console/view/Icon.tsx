// The console's symbols: one for each state of a seat, so that no state is told by colour alone.
import type { VNode } from "preact";
import type { SeatKind } from "../types";

export type IconName = SeatKind | "warning" | "window" | "late" | "photo" | "browser" | "call" | "quick" | "unsent" | "battery" | "condition";

/** Strokes in a box of 16 by 16. */
const STROKES: Readonly<Record<IconName, string>> = {
  free: "M4 8h8",
  expected: "M8 4.5V8l2.5 2M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13z",
  check: "M1.5 3.5h13v9h-13zM4 10.5c0-2.4 3.6-2.4 3.6 0M5.8 7.6a1.2 1.2 0 1 0 0-2.4a1.2 1.2 0 0 0 0 2.4M10 6.5h2.6M10 9.5h2.6",
  refused: "M1.5 3.5h13v9h-13zM5.5 5.5l5 5M10.5 5.5l-5 5",
  admit: "M3 14V2h7v12M1.5 14h13M12 5l2.5 2.5L12 10M7.5 8h7",
  admitted: "M2.5 8.5l3.5 3.5l7.5-8",
  out: "M3 14V2h7v12M1.5 14h13M7.5 7.5v1.5",
  working: "M4.5 2.5l8.5 5.5l-8.5 5.5z",
  between: "M3 3.5h8v5.5a3.5 3.5 0 0 1-3.5 3.5h-1a3.5 3.5 0 0 1-3.5-3.5zM11 5h2.5v3.5H11M2 14.5h10",
  faint: "M1.5 6.5a9.2 9.2 0 0 1 13 0M4 9.3a5.6 5.6 0 0 1 8 0M8 12.5v.2",
  silent: "M1.5 6.5a9.2 9.2 0 0 1 13 0M4 9.3a5.6 5.6 0 0 1 8 0M8 12.5v.2M2 14L14 2",
  paused: "M5 3v10M11 3v10",
  finished: "M3.5 14.5v-13M3.5 2.5h9l-2.5 3l2.5 3h-9",
  removed: "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM3.5 3.5l9 9",
  absent: "M8 8a2.8 2.8 0 1 0 0-5.6a2.8 2.8 0 0 0 0 5.6M2.5 14.5c0-6 11-6 11 0M2 2l12 12",
  warning: "M8 2l6.5 12h-13zM8 6.5v3.2M8 12v.2",
  window: "M1.5 3h9v8h-9zM1.5 5.5h9M8.5 13.5h6V7",
  late: "M8 4.5V8l2.5 2M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13z",
  browser: "M1.5 3h13v10h-13zM1.5 6h13M6 8.3l4 3M10 8.3l-4 3",
  call: "M4 9V5a1.2 1.2 0 0 1 2.4 0V2.8a1.2 1.2 0 0 1 2.4 0V5a1.2 1.2 0 0 1 2.4 0v4.5c0 3-1.6 5-4 5c-3.5 0-3.6-3-5-5M4 9L2.5 8",
  quick: "M2 4l5 4l-5 4zM8 4l5 4l-5 4z",
  unsent: "M8 13V4M4.5 7.5L8 4l3.5 3.5M3 1.8h10",
  battery: "M1.5 5h11v6h-11zM14.5 7v2M4 7v2",
  condition: "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM8 4.8v6.4M4.8 8h6.4",
  photo: "M8 8.5a3 3 0 1 0 0-6a3 3 0 0 0 0 6M2 15c0-7 12-7 12 0",
};

const OF_SIGN: Readonly<Record<string, IconName>> = { silence: "silent", away: "window", left: "window", held: "late", quick: "quick", unsent: "unsent", battery: "battery", device: "browser" };

/** The symbol of an indicator. */
export function signIcon(code: string): IconName {
  return OF_SIGN[code] ?? "warning";
}

const FILLED: ReadonlySet<IconName> = new Set(["working"]);

export function Icon({ name }: { name: IconName }): VNode {
  return (
    <svg class={FILLED.has(name) ? "icon icon--filled" : "icon"} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={STROKES[name]} />
    </svg>
  );
}
