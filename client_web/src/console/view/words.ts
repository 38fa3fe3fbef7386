// The words for states, acts and people; `_` is read anew at each drawing, so they follow the language.
import { _, LANGUAGES, ngettext } from "../../common/i18n";
import type { CallView, SeatView, SebFault, SessionView, Snapshot } from "../../common/wire";
import { spanText } from "../ctrl/time";
import type { Card, Filter, RoomAct, SeatAct, SeatKind, SeatLook, Sign, Silence } from "../types";

export function kindWord(kind: SeatKind): string {
  const words: Record<SeatKind, string> = {
    free: _("Free seat"),
    expected: _("Not here yet"),
    check: _("To be checked"),
    refused: _("Not accepted"),
    admit: _("To be admitted"),
    admitted: _("Ready"),
    out: _("Not signed in"),
    working: _("Working"),
    between: _("Break between subjects"),
    faint: _("Silent"),
    silent: _("No connection"),
    paused: _("Paused"),
    finished: _("Finished"),
    removed: _("Removed from the test"),
    absent: _("Absent"),
  };
  return words[kind];
}

export function filterWord(filter: Filter): string {
  const words: Record<Filter, string> = {
    all: _("Everybody"),
    needs: _("Needs me"),
    identity: _("Identity to check"),
    silent: _("No connection"),
    warned: _("With warnings"),
  };
  return words[filter];
}

/** The state, with the length of a silence. */
export function stateText(look: SeatLook): string {
  const word = kindWord(look.kind);
  const isTimed = look.kind === "silent" || look.kind === "faint";
  return isTimed && look.silence_s !== null ? `${word} ${spanText(look.silence_s)}` : word;
}

/** How long a paused or otherwise marked seat has been silent as well; empty where the state says it. */
export function silenceText(look: SeatLook): string {
  if (look.silence === "none" || look.silence_s === null || look.kind === "silent" || look.kind === "faint") return "";
  return _("No connection %(time)s", { time: spanText(look.silence_s) });
}

/** `Асанова Б.` of `Асанова Бегимай Кубатовна`. */
export function shortName(name: string): string {
  const [family = "", given = ""] = name.trim().split(/\s+/);
  return given === "" ? family : `${family} ${[...given][0]}.`;
}

export function subjectOf(session: SessionView, snapshot: Snapshot): string {
  const { subject } = session.progress;
  return subject === null ? "" : (snapshot.subjects[subject] ?? subject);
}

/** True where the number of answers says something. */
export function hasProgress(session: SessionView): boolean {
  return ["running", "paused", "submitted", "removed"].includes(session.progress.state) && session.progress.length > 0;
}

/** All that a seat shows, as one sentence for a screen reader. */
export function spokenSeat({ seat, look, signs }: Card, snapshot: Snapshot): string {
  const { session } = seat;
  const parts = [_("Seat %(seat)s", { seat: seat.number })];
  if (session) parts.push(session.who.name);
  parts.push(stateText(look), silenceText(look));
  if (session && hasProgress(session)) {
    const { answered, length } = session.progress;
    parts.push(_("%(subject)s, %(n)s of %(length)s answered", { subject: subjectOf(session, snapshot), n: answered, length }));
  }
  if (session && session.desk.warnings > 0) {
    parts.push(ngettext("%(n)s warning", "%(n)s warnings", session.desk.warnings));
  }
  if (session && session.who.conditions.length > 0) parts.push(session.who.conditions.map(({ words }) => words).join(", "));
  if (session?.call) parts.push(_("calls you"));
  for (const sign of signs) if (sign.code !== "silence") parts.push(`${signText(sign)}, ${gradeWord(sign.grade)}`);
  if (session && session.progress.seb_fault !== null) parts.push(browserText(session));
  if (session?.desk.late_s) parts.push(lateText(session.desk.late_s));
  return parts.filter(Boolean).join(", ");
}

/** How the candidate's browser proved itself, or which rule it failed; empty where the sitting does not ask. */
export function browserText({ progress }: SessionView): string {
  const faults: Record<SebFault, string> = {
    nothing: _("not Safe Exam Browser"),
    address: _("Safe Exam Browser at another address"),
    config_key: _("Safe Exam Browser with another configuration"),
    exam_key: _("version of Safe Exam Browser not admitted"),
    page_used: _("page used before; to be reloaded"),
    no_file: _("no configuration for Safe Exam Browser"),
    lost: _("proof of Safe Exam Browser lost during the test"),
  };
  if (progress.seb_fault !== null) return faults[progress.seb_fault];
  return progress.seb_way === null ? "" : _("Safe Exam Browser, checked");
}

const IN_SECONDS: ReadonlySet<string> = new Set(["silence", "away"]);

/** A sign in words: what it is of, and how much. */
export function signText({ code, title, value }: Sign): string {
  if (code === "held") return title; // it stands or it does not
  if (code === "battery") return `${title}: ${value} %`;
  return `${title}: ${IN_SECONDS.has(code) ? spanText(value) : value}`;
}

export function gradeWord(grade: Silence): string {
  const words: Record<Silence, string> = { none: "", warn: _("look"), alarm: _("at once") };
  return words[grade];
}

export function callStateText(call: CallView): string {
  const words: Record<CallView["state"], string> = {
    asked: _("Waits for you"),
    taken: _("You are going there"),
    answered: _("Answered"),
    closed: _("Closed"),
  };
  return words[call.state];
}

/** Whole seconds since the candidate called. */
export function callWaits(call: CallView, at_ms: number): number {
  return Math.max(0, Math.floor((at_ms - Date.parse(call.asked_at)) / 1000));
}

/** The name that a browser gives itself, without its pedigree. */
export function browserName(agent: string): string {
  const [, name, version] = /(SEB|Edg|Firefox|Chrome|Safari)\/(\d+)/.exec(agent) ?? [];
  return name ? `${name} ${version}` : agent.slice(0, 40);
}

export function lateText(late_s: number): string {
  return _("%(time)s late", { time: spanText(late_s) });
}

export function languageName(code: string): string {
  return Object.entries(LANGUAGES).find(([each]) => each === code)?.[1] ?? code;
}

export function seatName(seat: SeatView): string {
  return seat.session ? `${_("Seat %(seat)s", { seat: seat.number })}: ${seat.session.who.name}` : _("Seat %(seat)s", { seat: seat.number });
}

/** The clause under which each act stands in the policy that the snapshot's clauses name. */
const CLAUSES: Readonly<Record<RoomAct | SeatAct | "late", string>> = {
  open: "VS-1",
  start: "DC-11",
  pause: "DC-12",
  resume: "DC-12",
  message: "",
  close: "DC-16",
  identity: "DC-9",
  admit: "DC-9",
  late: "DC-16",
  warn: "DC-15",
  remove: "DC-15",
  move: "DC-10",
  break: "DC-12.accommodations",
  "give-time": "DC-12.lost_time",
  "give-play": "DC-12.listening",
  "let-go": "DC-12.lost_time",
  incidents: "DC-12.lost_time",
};

export type ClauseOf = keyof typeof CLAUSES;

export function clauseId(act: ClauseOf): string {
  return CLAUSES[act];
}
