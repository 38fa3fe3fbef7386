// One seat of the plan: number, name, state in word, symbol and tone, progress, and what has been noted.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import type { SessionView, Snapshot } from "../../common/wire";
import type { Console } from "../ctrl/console";
import type { Card, Sign } from "../types";
import { Icon, signIcon } from "./Icon";
import { callStateText, hasProgress, shortName, signText, silenceText, spokenSeat, stateText, subjectOf } from "./words";

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
  const isPicked = session !== null && ctrl.bulk.picked.value.has(session.who.session_id);
  const classes = ["seat", "tone", `tone--${look.kind}`, !isShown && "seat--aside", isTarget && "seat--target", isPicked && "seat--picked"];
  // A press of Enter or Space has no pointer; its detail is 0.
  const choose = (event: MouseEvent) => {
    if (session && (event.shiftKey || event.ctrlKey)) ctrl.bulk.toggle(session.who.session_id);
    else ctrl.choose(seat.seat_id, event.detail === 0 || !matchMedia(BESIDE).matches);
  };
  return (
    <div class="plan__cell" role="gridcell" aria-selected={isChosen} style={{ gridColumn: column }}>
      <button
        type="button"
        id={`seat-${seat.seat_id}`}
        class={classes.filter(Boolean).join(" ")}
        data-seat={seat.seat_id}
        tabIndex={isCursor ? 0 : -1}
        aria-pressed={isChosen}
        title={session?.who.name}
        onClick={choose}
        onFocus={() => (ctrl.cursorId.value = seat.seat_id)}
      >
        <span class="govuk-visually-hidden">{isPicked ? `${spokenSeat(card, snapshot)}, ${_("chosen with others")}` : spokenSeat(card, snapshot)}</span>
        <span class="seat__top" aria-hidden="true">
          <span class="seat__number">{seat.number}</span>
          {isPicked && (
            <span class="seat__picked">
              <Icon name="admitted" />
            </span>
          )}
          {session && <Marks session={session} signs={card.signs} />}
          <span class="seat__symbol">
            <Icon name={look.kind} />
          </span>
        </span>
        {isShown && (
          <>
            <span class="seat__name" aria-hidden="true">{session ? shortName(session.who.name) : isTarget ? _("Move here") : ""}</span>
            <span class="seat__state" aria-hidden="true">{stateText(look)}</span>
            <Foot card={card} snapshot={snapshot} />
          </>
        )}
      </button>
    </div>
  );
}

/** How often and how long show in numbers; what they are of, in symbol and word. */
const NUMBERED: ReadonlySet<string> = new Set(["left", "quick", "battery"]);

function Marks({ session, signs }: { session: SessionView; signs: readonly Sign[] }): VNode {
  const { desk, progress, call, who } = session;
  return (
    <span class="seat__marks">
      {call && call.state !== "answered" && (
        <span class="mark mark--call">
          <Icon name="call" />
        </span>
      )}
      {desk.warnings > 0 && (
        <span class="mark mark--warning">
          <Icon name="warning" />
          {desk.warnings}
        </span>
      )}
      {signs
        .filter(({ code }) => code !== "silence")
        .map(({ code, grade, value }) => (
          <span key={code} class={`mark mark--${grade}`}>
            <Icon name={signIcon(code)} />
            {NUMBERED.has(code) && value}
          </span>
        ))}
      {who.conditions.length > 0 && (
        <span class="mark">
          <Icon name="condition" />
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
  if (session?.call && session.call.state !== "answered") {
    return <span aria-hidden="true" class="seat__foot seat__foot--call">{callStateText(session.call)}</span>;
  }
  const alarm = card.signs.find(({ code, grade }) => grade === "alarm" && code !== "silence");
  if (alarm) return <span aria-hidden="true" class="seat__foot seat__foot--alarm">{signText(alarm)}</span>;
  if (silence) return <span aria-hidden="true" class="seat__foot seat__foot--alarm">{silence}</span>;
  if (!session || !hasProgress(session)) return null;
  const { answered, length } = session.progress;
  return (
    <>
      <span aria-hidden="true" class="seat__foot">
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
