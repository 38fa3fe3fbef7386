// What is to be seen of a seat at a moment: its state in one word, and for how long nothing was heard from it.
import type { ProgressView, SeatView, SessionView, Snapshot } from "../../common/wire";
import type { SeatKind, SeatLook, Silence } from "../types";

export type Limits = Pick<Snapshot, "silence_warn_s" | "silence_alarm_s">;

const LIVE: ReadonlySet<string> = new Set(["expected", "admitted", "running", "paused"]);
/** States that a broken connection outweighs on the plan. */
const OUTWEIGHED: ReadonlySet<SeatKind> = new Set(["check", "admit", "admitted", "working", "between"]);

/** The look of a seat at `at_ms` by the server's clock. Before `heard_from_ms` nobody could be heard. */
export function lookOf(seat: SeatView, at_ms: number, limits: Limits, heard_from_ms = 0): SeatLook {
  const { session } = seat;
  if (!session) return { kind: "free", silence: "none", silence_s: null };
  const silence_s = silenceOf(session, at_ms, heard_from_ms);
  const silence = silenceGrade(silence_s, limits);
  const kind = kindOf(session);
  if (!OUTWEIGHED.has(kind) || silence === "none") return { kind, silence, silence_s };
  return { kind: silence === "alarm" ? "silent" : "faint", silence, silence_s };
}

/** Whole seconds since the page was last heard; null where none should be heard, or none was yet. */
export function silenceOf({ progress, presence }: SessionView, at_ms: number, heard_from_ms = 0): number | null {
  if (!LIVE.has(progress.state) || !progress.is_signed_in || presence.seen_at === null) return null;
  const since_ms = Math.max(Date.parse(presence.seen_at), heard_from_ms);
  return Math.max(0, Math.floor((at_ms - since_ms) / 1000));
}

/** True if nobody in the snapshot was heard lately: the server itself may have been away. */
export function isAllSilent(snapshot: Snapshot): boolean {
  const at_ms = Date.parse(snapshot.now);
  return snapshot.seats.every(({ session }) => !session || silenceGrade(silenceOf(session, at_ms), snapshot) !== "none" || silenceOf(session, at_ms) === null);
}

export function silenceGrade(silence_s: number | null, limits: Limits): Silence {
  if (silence_s === null || silence_s < limits.silence_warn_s) return "none";
  return silence_s < limits.silence_alarm_s ? "warn" : "alarm";
}

function kindOf({ progress, desk }: SessionView): SeatKind {
  if (desk.is_removed || progress.state === "removed") return "removed";
  switch (progress.state) {
    case "absent":
      return "absent";
    case "submitted":
      return "finished";
    case "paused":
      return "paused";
    case "running":
      if (!progress.is_signed_in) return "out";
      return isBetween(progress) ? "between" : "working";
    case "admitted":
      return progress.is_signed_in ? "admitted" : "out";
    case "expected":
      if (desk.identity === "confirmed") return "admit";
      if (desk.identity === "refused") return "refused";
      return progress.is_signed_in ? "check" : "expected";
  }
}

/** Running, but no section's clock runs: one has ended and the next was not begun. */
function isBetween(progress: ProgressView): boolean {
  return progress.ends_at === null;
}
