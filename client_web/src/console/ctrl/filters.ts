// Which seats the proctor wants to see, and how many of each there are.
import type { Card, Filter, Taken } from "../types";
import { needsMe } from "./signs";

export const FILTERS: readonly Filter[] = ["all", "needs", "identity", "silent", "warned"];

const OVER: ReadonlySet<string> = new Set(["submitted", "removed", "absent"]);

export function isTaken(card: Card): card is Taken {
  return card.seat.session !== null;
}

/** Cards of seats with somebody on them. */
export function taken(cards: readonly Card[]): Taken[] {
  return cards.flatMap((card) => (card.seat.session ? [{ ...card, session: card.seat.session }] : []));
}

export function passes(card: Card, filter: Filter): boolean {
  const { session } = card.seat;
  switch (filter) {
    case "all":
      return true;
    case "needs":
      return needsMe(card);
    case "identity":
      return session !== null && session.progress.state === "expected" && session.desk.identity !== "confirmed";
    case "silent":
      return card.look.silence !== "none" || card.look.kind === "out";
    case "warned":
      return session !== null && !OVER.has(session.progress.state) && isMarked(card);
  }
}

/** Warned by the proctor, or has left the test's window. */
export function isMarked(card: Card): boolean {
  const { session } = card.seat;
  return session !== null && (session.desk.warnings > 0 || session.presence.lost_focus > 0);
}

/** True if the seat's number, name or registration number begins or goes on with what was typed. */
export function matches(card: Card, query: string): boolean {
  const wanted = plain(query);
  if (wanted === "") return true;
  const { seat } = card;
  if (/^\d{1,3}$/.test(wanted)) return plain(seat.number) === wanted;
  const words = [seat.number, seat.session?.who.name ?? "", seat.session?.who.registration_no ?? ""];
  return plain(words.join(" ")).includes(wanted);
}

/** A Kyrgyz name is often typed on a Russian keyboard. */
const SAME: Readonly<Record<string, string>> = { ё: "е", ө: "о", ү: "у", ң: "н" };

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[ёөүң]/g, (letter) => SAME[letter] ?? letter)
    .replace(/\s+/g, " ")
    .trim();
}

export interface Roll {
  readonly seated: number;
  /** Has not been let in. */
  readonly expected: number;
  readonly admitted: number;
  readonly unchecked: number;
  readonly toAdmit: number;
  readonly running: number;
  readonly paused: number;
  readonly over: number;
  readonly connected: number;
  readonly unconnected: number;
}

/** The room in numbers. */
export function rollOf(cards: readonly Card[]): Roll {
  const seated = taken(cards);
  const count = (test: (card: Taken) => boolean) => seated.filter(test).length;
  const isIn = (state: string) => (card: Taken) => card.session.progress.state === state;
  return {
    seated: seated.length,
    expected: count(isIn("expected")),
    admitted: count(isIn("admitted")),
    unchecked: count((card) => passes(card, "identity")),
    toAdmit: count((card) => isIn("expected")(card) && card.session.desk.identity === "confirmed"),
    running: count(isIn("running")),
    paused: count(isIn("paused")),
    over: count((card) => OVER.has(card.session.progress.state)),
    connected: count((card) => card.look.silence_s !== null && card.look.silence === "none"),
    unconnected: count((card) => passes(card, "silent")),
  };
}
