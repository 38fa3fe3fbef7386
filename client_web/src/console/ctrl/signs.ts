// What a seat's figures come to: each against its two thresholds, calm enough not to flicker, the gravest first.
import { _ } from "../../common/i18n";
import type { IndicatorView, SessionView, Snapshot } from "../../common/wire";
import type { Card, Sign, Silence } from "../types";
import { silenceOf } from "./look";

const LIVE: ReadonlySet<string> = new Set(["expected", "admitted", "running", "paused"]);
const WEIGHT: Readonly<Record<Silence, number>> = { none: 0, warn: 1, alarm: 2 };

/** The figure that an indicator looks at; null where there is nothing to be seen. */
export function figureOf(code: string, session: SessionView, at_ms: number, heard_from_ms = 0): number | null {
  const { presence, progress } = session;
  switch (code) {
    case "silence":
      return silenceOf(session, at_ms, heard_from_ms);
    case "away":
      return presence.away_since === null ? null : Math.max(0, Math.floor((at_ms - Date.parse(presence.away_since)) / 1000));
    case "left":
      return presence.lost_focus;
    case "quick":
      return progress.quick;
    case "unsent":
      return presence.unsent;
    case "battery":
      return presence.is_charging === false ? presence.battery : null;
    default:
      return null;
  }
}

export function gradeOf({ warn_at, alarm_at, falling }: IndicatorView, value: number | null): Silence {
  if (value === null) return "none";
  const isPast = (threshold: number) => (falling ? value <= threshold : value >= threshold);
  return isPast(alarm_at) ? "alarm" : isPast(warn_at) ? "warn" : "none";
}

/** The signs of a session as its figures now stand, the gravest first. */
export function signsOf(session: SessionView, at_ms: number, snapshot: Pick<Snapshot, "indicators">, heard_from_ms = 0): Sign[] {
  if (!LIVE.has(session.progress.state)) return [];
  const found = snapshot.indicators.map((each): Sign => {
    const value = figureOf(each.code, session, at_ms, heard_from_ms);
    return { code: each.code, title: each.title, grade: gradeOf(each, value), value: value ?? 0 };
  });
  const held: Sign[] = session.times.held_since === null ? [] : [{ code: "held", title: _("Time ran out while the line was down"), grade: "alarm", value: 0 }];
  const { claims } = session.progress;
  const asking: Sign[] = claims === 0 ? [] : [{ code: "device", title: _("Another computer asks"), grade: "alarm", value: claims }];
  return byGravity([...held, ...asking, ...found.filter((sign) => sign.grade !== "none")]);
}

interface Held {
  readonly sign: Sign;
  readonly at_ms: number;
}

/** A sign rises at once and falls only when it has been lower for a while. */
export class Settler {
  private readonly held = new Map<string, Held>();

  settle(id: number, signs: readonly Sign[], at_ms: number, settle_s: number): Sign[] {
    const shown = new Map(signs.map((sign) => [sign.code, sign]));
    for (const [key, { sign, at_ms: since }] of this.held) {
      if (!key.startsWith(`${id}/`)) continue;
      const now = shown.get(sign.code);
      if (now && WEIGHT[now.grade] >= WEIGHT[sign.grade]) continue;
      if (at_ms - since < settle_s * 1000) shown.set(sign.code, { ...sign, value: now?.value ?? sign.value });
      else this.held.delete(key);
    }
    for (const sign of signs) {
      const key = `${id}/${sign.code}`;
      const before = this.held.get(key);
      if (!before || WEIGHT[sign.grade] >= WEIGHT[before.sign.grade]) this.held.set(key, { sign, at_ms });
    }
    return byGravity([...shown.values()]);
  }
}

/** A figure that only grows is urgent until the proctor has looked; then it is urgent again when it is worse. */
const LASTING: ReadonlySet<string> = new Set(["left", "battery"]);

/** What the proctor has seen of whom, by opening the seat. */
export type Looked = ReadonlyMap<string, number>;

export function lookedAt(before: Looked, id: number, signs: readonly Sign[]): Looked {
  const lasting = signs.filter(({ code }) => LASTING.has(code));
  return new Map([...before, ...lasting.map(({ code, value }): [string, number] => [`${id}/${code}`, value])]);
}

/** The signs with those calmed that the proctor has seen as they are. */
export function calmed(looked: Looked, id: number, signs: readonly Sign[]): Sign[] {
  return byGravity(signs.map((sign) => (looked.get(`${id}/${sign.code}`) === sign.value && sign.grade === "alarm" ? { ...sign, grade: "warn" } : sign)));
}

function byGravity(signs: readonly Sign[]): Sign[] {
  return [...signs].sort((one, other) => WEIGHT[other.grade] - WEIGHT[one.grade]);
}

/** Somebody calls and has not been answered. */
export function isCalling({ seat }: Card): boolean {
  const state = seat.session?.call?.state;
  return state === "asked" || state === "taken";
}

/** True if the proctor is wanted at the seat. */
export function needsMe(card: Card): boolean {
  return isCalling(card) || card.look.kind === "out" || card.signs.some((sign) => sign.grade === "alarm");
}

/** Who wants the proctor: first who calls, the longest wait first, then by how much there is. */
export function inNeed(cards: readonly Card[]): Card[] {
  const asked = (card: Card) => Date.parse(card.seat.session?.call?.asked_at ?? "") || Infinity;
  const weight = (card: Card) => card.signs.reduce((sum, sign) => sum + WEIGHT[sign.grade], 0);
  return cards.filter(needsMe).sort((one, other) => {
    const calls = Number(isCalling(other)) - Number(isCalling(one));
    if (calls !== 0) return calls;
    return isCalling(one) ? asked(one) - asked(other) : weight(other) - weight(one);
  });
}
