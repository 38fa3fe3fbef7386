// One seat of the plan: number, name, state in word, symbol and tone, progress, and what has been noted.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import type { SessionView, Snapshot } from "../../common/wire";
import type { Console } from "../ctrl/console";
import type { Card } from "../types";
import { Icon } from "./Icon";
import { hasProgress, shortName, silenceText, spokenSeat, stateText, subjectOf } from "./words";

interface Props {
  readonly ctrl: Console;
  readonly snapshot: Snapshot;
  readonly card: Card;
  readonly column: number;
  readonly isShown: boolean;
  readonly isCursor: boolean;
}

/** From this width on the panel stands beside the plan, so nothing need be scrolled to. */
const BESIDE = "(min-width: 64em)";

export function Seat({ ctrl, snapshot, card, column, isShown, isCursor }: Props): VNode {
  const { seat, look } = card;
  const { session } = seat;
  const isChosen = ctrl.chosenId.value === seat.seat_id;
  const isTarget = ctrl.openAct.value === "move" && !session;
  const classes = ["seat", "tone", `tone--${look.kind}`, !isShown && "seat--aside", isTarget && "seat--target"];
  // A press of Enter or Space has no pointer; its detail is 0.
  const choose = (event: MouseEvent) => ctrl.choose(seat.seat_id, event.detail === 0 || !matchMedia(BESIDE).matches);
  return (
    <div class="plan__cell" role="gridcell" aria-selected={isChosen} style={{ gridColumn: column }}>
      <button
        type="button"
        id={`seat-${seat.seat_id}`}
        class={classes.filter(Boolean).join(" ")}
        data-seat={seat.seat_id}
        tabIndex={isCursor ? 0 : -1}
        aria-label={spokenSeat(card, snapshot)}
        aria-pressed={isChosen}
        title={session?.who.name}
        onClick={choose}
        onFocus={() => (ctrl.cursorId.value = seat.seat_id)}
      >
        <span class="seat__top">
          <span class="seat__number">{seat.number}</span>
          {session && <Marks session={session} />}
          <span class="seat__symbol">
            <Icon name={look.kind} />
          </span>
        </span>
        {isShown && (
          <>
            <span class="seat__name">{session ? shortName(session.who.name) : isTarget ? _("Move here") : ""}</span>
            <span class="seat__state">{stateText(look)}</span>
            <Foot card={card} snapshot={snapshot} />
          </>
        )}
      </button>
    </div>
  );
}

function Marks({ session }: { session: SessionView }): VNode {
  const { desk, presence, progress } = session;
  return (
    <span class="seat__marks">
      {desk.warnings > 0 && (
        <span class="mark mark--warning">
          <Icon name="warning" />
          {desk.warnings}
        </span>
      )}
      {presence.lost_focus > 0 && (
        <span class="mark">
          <Icon name="window" />
          {presence.lost_focus}
        </span>
      )}
      {progress.seb_fault !== null && (
        <span class="mark mark--warning">
          <Icon name="browser" />
        </span>
      )}
      {desk.late_s !== null && desk.late_s > 0 && (
        <span class="mark">
          <Icon name="late" />
        </span>
      )}
    </span>
  );
}

function Foot({ card, snapshot }: { card: Card; snapshot: Snapshot }): VNode | null {
  const { session } = card.seat;
  const silence = silenceText(card.look);
  if (silence) return <span class="seat__foot seat__foot--alarm">{silence}</span>;
  if (!session || !hasProgress(session)) return null;
  const { answered, length } = session.progress;
  return (
    <>
      <span class="seat__foot">
        <span class="seat__subject">{subjectOf(session, snapshot)}</span>
        <span class="seat__count">
          {answered}/{length}
        </span>
      </span>
      <span class="bar-line">
        <span class="bar-line__done" style={{ width: `${Math.round((100 * answered) / length)}%` }} />
      </span>
    </>
  );
}
