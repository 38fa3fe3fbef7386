// What the proctor must hear without looking: new alarms, the end of late admission, the console's own line.
import { _, ngettext } from "../../common/i18n";
import type { Card, Taken } from "../types";
import { taken } from "./filters";
import { isCalling, needsMe } from "./signs";

/** What was known at the last hearing. */
export interface Known {
  readonly silent: ReadonlySet<number>;
  /** Who calls, or has a sign at alarm. */
  readonly needing: ReadonlySet<number>;
  readonly calling: ReadonlySet<number>;
  readonly late_s: number | null;
}

export const NOTHING_KNOWN: Known = { silent: new Set(), needing: new Set(), calling: new Set(), late_s: null };
const LATE_MARKS_S = [600, 300, 60];
/** So many seats are named one by one. */
const NAMED_MAX = 6;

export function knownOf(cards: readonly Card[], late_s: number | null): Known {
  const silent = taken(cards).filter((card) => card.look.silence === "alarm");
  const ids = (found: readonly Taken[]) => new Set(found.map((card) => card.session.who.session_id));
  const needing = taken(cards).filter(needsMe);
  return { silent: ids(silent), needing: ids(needing), calling: ids(needing.filter(isCalling)), late_s };
}

/** Sentences for what is in `now` and was not in `before`. */
export function news(before: Known, now: Known, cards: readonly Card[]): string[] {
  return [...callNews(before, now, cards), ...silenceNews(before, now, cards), ...lateNews(before.late_s, now.late_s)];
}

function callNews(before: Known, now: Known, cards: readonly Card[]): string[] {
  const fresh = taken(cards).filter(({ session }) => now.calling.has(session.who.session_id) && !before.calling.has(session.who.session_id));
  return fresh.length > 0 ? [_("Seat %(seats)s calls you.", { seats: numbers(fresh) })] : [];
}

function silenceNews(before: Known, now: Known, cards: readonly Card[]): string[] {
  const seated = taken(cards);
  const isNew = (id: number) => now.silent.has(id) && !before.silent.has(id);
  const isBack = (id: number) => before.silent.has(id) && !now.silent.has(id);
  const lost = seated.filter((card) => isNew(card.session.who.session_id));
  const back = seated.filter((card) => isBack(card.session.who.session_id) && card.look.silence === "none");
  const said: string[] = [];
  if (lost.length > NAMED_MAX) {
    said.push(ngettext("Alarm: %(n)s candidate lost the connection.", "Alarm: %(n)s candidates lost the connection.", lost.length));
  } else if (lost.length > 0) {
    said.push(_("Alarm: no connection with seat %(seats)s.", { seats: numbers(lost) }));
  }
  if (back.length > NAMED_MAX) {
    said.push(ngettext("%(n)s candidate is connected again.", "%(n)s candidates are connected again.", back.length));
  } else if (back.length > 0) {
    said.push(_("Connected again: seat %(seats)s.", { seats: numbers(back) }));
  }
  return said;
}

function numbers(cards: readonly Card[]): string {
  return cards.map((card) => card.seat.number).join(", ");
}

function lateNews(before_s: number | null, now_s: number | null): string[] {
  if (before_s === null || now_s === null) return [];
  const mark = LATE_MARKS_S.filter((each) => before_s > each && now_s <= each).at(-1);
  if (now_s < 0) return before_s >= 0 ? [_("Late admission has ended.")] : [];
  if (mark === undefined) return [];
  return [ngettext("Latecomers may come for %(n)s more minute.", "Latecomers may come for %(n)s more minutes.", mark / 60)];
}
