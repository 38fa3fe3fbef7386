// Above the plan: who wants the proctor now, the most urgent first, each a press away.
import type { VNode } from "preact";
import { _, ngettext } from "../../common/i18n";
import type { Snapshot } from "../../common/wire";
import type { Console } from "../ctrl/console";
import { inNeed } from "../ctrl/signs";
import { spanText } from "../ctrl/time";
import type { Card } from "../types";
import { Icon, signIcon } from "./Icon";
import { callWaits, shortName, signText, stateText } from "./words";

const LISTED_MAX = 6;

export function Needs({ ctrl, snapshot }: { ctrl: Console; snapshot: Snapshot }): VNode | null {
  const found = inNeed(ctrl.cards.value);
  if (found.length === 0) return null;
  const more = found.length - LISTED_MAX;
  return (
    <section class="needs" aria-labelledby="needs-title">
      <h3 class="needs__title" id="needs-title">
        {_("Wants you now")} <b>{found.length}</b>
      </h3>
      <ol class="needs__list">
        {found.slice(0, LISTED_MAX).map((card) => (
          <li key={card.seat.seat_id}>
            <button type="button" class="needs__seat" onClick={() => ctrl.choose(card.seat.seat_id, true)}>
              <b class="needs__number">{card.seat.number}</b> {card.seat.session && shortName(card.seat.session.who.name)} <Why card={card} snapshot={snapshot} now={ctrl.now.value} />
            </button>
          </li>
        ))}
      </ol>
      {more > 0 && (
        <button type="button" class="quiet" onClick={() => (ctrl.filter.value = "needs")}>
          {ngettext("and %(n)s more", "and %(n)s more", more)}
        </button>
      )}
    </section>
  );
}

function Why({ card, snapshot, now }: { card: Card; snapshot: Snapshot; now: number }): VNode {
  const call = card.seat.session?.call;
  if (call && call.state !== "answered") {
    const kind = snapshot.calls.find((each) => each.code === call.kind)?.title ?? call.kind;
    return (
      <span class="needs__why needs__why--call">
        <Icon name="call" /> {kind} · {spanText(callWaits(call, now))}
      </span>
    );
  }
  const [sign] = card.signs;
  return (
    <span class={`needs__why sign--${sign?.grade ?? "warn"}`}>
      <Icon name={sign ? signIcon(sign.code) : card.look.kind} /> {sign ? signText(sign) : stateText(card.look)}
    </span>
  );
}
