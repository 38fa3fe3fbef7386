// The seating plan: a grid of seats to be walked over with the arrow keys, and the legend of its symbols.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import type { Snapshot } from "../../common/wire";
import type { Console } from "../ctrl/console";
import { stepTo } from "../ctrl/grid";
import type { Card, SeatKind } from "../types";
import { Icon, signIcon } from "./Icon";
import { Seat } from "./Seat";
import { kindWord } from "./words";

interface Props {
  readonly ctrl: Console;
  readonly snapshot: Snapshot;
}

export function focusSeat(seat_id: number | undefined): void {
  document.getElementById(`seat-${seat_id}`)?.focus();
}

export function Plan({ ctrl, snapshot }: Props): VNode {
  const cards = ctrl.cards.value;
  const shown = ctrl.shownIds.value;
  const walked = cards.filter((card) => shown.has(card.seat.seat_id)).map((card) => card.seat);
  const cursor = walked.find((seat) => seat.seat_id === ctrl.cursorId.value) ?? walked[0];
  const walk = (event: KeyboardEvent) => {
    const from = event.target instanceof HTMLElement ? Number(event.target.dataset["seat"]) : NaN;
    if (event.altKey || event.metaKey || Number.isNaN(from)) return;
    const pick = (seat_id: number) => {
      const session_id = cards.find((card) => card.seat.seat_id === seat_id)?.seat.session?.who.session_id;
      if (session_id !== undefined) ctrl.bulk.toggle(session_id);
    };
    if (event.key === " " && event.shiftKey) {
      event.preventDefault();
      return pick(from);
    }
    const to = stepTo(walked, from, event.key, event.ctrlKey);
    if (to === null) return;
    event.preventDefault();
    if (event.shiftKey && to !== from) pick(to);
    ctrl.cursorId.value = to;
    focusSeat(to);
  };
  const firstCol = Math.min(...cards.map((card) => card.seat.col));
  const columns = Math.max(...cards.map((card) => card.seat.col)) - firstCol + 1;
  return (
    <>
      {walked.length === 0 && <p class="plan__nobody">{_("No seat is shown by this filter and search.")}</p>}
      <div class={ctrl.isLive.value ? "plan" : "plan plan--stale"}>
        <div class="plan__grid" role="grid" aria-labelledby="plan-title" style={{ "--columns": columns }} onKeyDown={walk}>
          {rows(cards).map((row) => (
            <div class="plan__row" role="row" key={row[0]?.seat.row}>
              {row.map((card) => (
                <Seat
                  key={card.seat.seat_id}
                  ctrl={ctrl}
                  snapshot={snapshot}
                  card={card}
                  column={card.seat.col - firstCol + 1}
                  isShown={shown.has(card.seat.seat_id)}
                  isCursor={cursor?.seat_id === card.seat.seat_id}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
      <Legend cards={cards} snapshot={snapshot} />
    </>
  );
}

function rows(cards: readonly Card[]): Card[][] {
  const found = new Map<number, Card[]>();
  for (const card of cards) found.set(card.seat.row, [...(found.get(card.seat.row) ?? []), card]);
  return [...found.values()];
}

const LEGEND: readonly SeatKind[] = [
  "expected", "check", "refused", "admit", "admitted", "working", "between", "faint", "silent",
  "out", "paused", "finished", "removed", "absent", "free",
];

/** What the symbols say, and how many there are of each; those that do not occur need no explaining. */
function Legend({ cards, snapshot }: { cards: readonly Card[]; snapshot: Snapshot }): VNode {
  const count = (kind: SeatKind) => cards.filter((card) => card.look.kind === kind).length;
  return (
    <ul class="legend" aria-label={_("Legend")}>
      {LEGEND.filter((kind) => count(kind) > 0).map((kind) => (
        <li key={kind} class={`legend__entry tone tone--${kind}`}>
          <span class="legend__symbol">
            <Icon name={kind} />
          </span>
          {kindWord(kind)} <b>{count(kind)}</b>
        </li>
      ))}
      <li class="legend__entry">
        <Icon name="warning" /> {_("Warnings")}
      </li>
      {snapshot.indicators
        .filter(({ code }) => cards.some((card) => card.signs.some((sign) => sign.code === code && code !== "silence")))
        .map(({ code, title }) => (
          <li key={code} class="legend__entry">
            <Icon name={signIcon(code)} /> {title}
          </li>
        ))}
      <li class="legend__entry">
        <Icon name="late" /> {_("Came late")}
      </li>
    </ul>
  );
}
