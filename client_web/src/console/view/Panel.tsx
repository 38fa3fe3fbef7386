// The panel of the chosen seat: who sits there, what the desk decided, and every act on the candidate.
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { _ } from "../../common/i18n";
import type { SessionView, Snapshot } from "../../common/wire";
import { seatKey, type Console } from "../ctrl/console";
import type { Card, SeatAct } from "../types";
import { ActList } from "./ActList";
import { Calling } from "./Calling";
import { Claims } from "./Claims";
import { Outcome } from "./Clause";
import { CodeDialog } from "./CodeDialog";
import { Desk } from "./Desk";
import { isActing, ProtocolState } from "./Duty";
import { useFocusKept } from "./focus";
import { focusSeat } from "./Plan";
import { seatName } from "./words";
import { Who } from "./Who";

interface Props {
  readonly ctrl: Console;
  readonly snapshot: Snapshot;
}

export function Panel({ ctrl, snapshot }: Props): VNode {
  const card = ctrl.chosen.value;
  const aside = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const token = ctrl.panelFocus.value;
  useEffect(() => {
    if (token > 0) heading.current?.focus();
  }, [token]);
  useFocusKept(aside, heading);
  const leave = (event: KeyboardEvent) => {
    if (event.key === "Escape" && card && !event.defaultPrevented) focusSeat(card.seat.seat_id);
  };
  return (
    <aside class="panel seat-panel" aria-labelledby="panel-title" ref={aside} onKeyDown={leave}>
      <div class="seat-panel__head">
        <h2 class="seat-panel__title" id="panel-title" tabIndex={-1} ref={heading}>
          {card ? seatName(card.seat) : _("Choose a seat")}
        </h2>
        {card && (
          <button type="button" class="quiet seat-panel__back" onClick={() => focusSeat(card.seat.seat_id)}>
            {_("Back to the plan")}
          </button>
        )}
      </div>
      <Inside ctrl={ctrl} snapshot={snapshot} card={card} />
      <CodeDialog ctrl={ctrl} />
    </aside>
  );
}

function Inside({ ctrl, snapshot, card }: Props & { card: Card | null }): VNode {
  if (!card) {
    return <p class="quiet-text">{_("Press a seat of the plan, or search for a candidate. Arrow keys walk over the plan; Enter opens a seat; Escape returns to the plan.")}</p>;
  }
  const { session } = card.seat;
  if (!session) return <p class="quiet-text">{_("Nobody sits here.")}</p>;
  const at = { ctrl, snapshot, session };
  return (
    <div key={session.who.session_id}>
      <LastDone ctrl={ctrl} session={session} />
      <Calling {...at} />
      <Claims {...at} seat={card.seat} />
      <Who snapshot={snapshot} session={session} look={card.look} signs={card.signs} now={ctrl.now.value} />
      <ProtocolState ctrl={ctrl} session={session} />
      {session.progress.state === "expected" && isActing(snapshot) && <Desk {...at} />}
      <ActList {...at} seat={card.seat} />
    </div>
  );
}

const ACTS: readonly SeatAct[] = ["identity", "admit", "pause", "resume", "message", "warn", "remove", "move"];

/** The last act done here. Its own place may have gone with it. */
function LastDone({ ctrl, session }: { ctrl: Console; session: SessionView }): VNode | null {
  const state = ACTS.map((act) => ctrl.acts.of(seatKey(session, act))).find((each) => each.done);
  return state ? <Outcome state={state} /> : null;
}
