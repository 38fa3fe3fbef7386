// A new one-time code: at the same seat, or at a free one chosen here or on the plan.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import type { SeatView } from "../../common/wire";
import { seatKey } from "../ctrl/console";
import { NO_MOVE } from "../ctrl/forms";
import type { DeskProps } from "./Desk";
import { Devices } from "./Devices";
import { Select } from "./fields";
import { moveReasons, Reasons } from "./Reasons";

export function Move({ ctrl, snapshot, session, seat }: DeskProps & { seat: SeatView }): VNode {
  const key = seatKey(session, "move");
  const draft = ctrl.drafts.get(key, NO_MOVE);
  const free = snapshot.seats.filter((each) => !each.session);
  const target = free.find((each) => each.seat_id === draft.seat_id) ?? seat;
  const send = target === seat ? _("Make a new code") : _("Move to seat %(seat)s", { seat: target.number });
  return (
    <>
      <Devices ctrl={ctrl} session={session} seat={seat} />
      <Select
        id="move-seat"
        label={_("Seat")}
        hint={free.length > 0 ? _("A free seat can also be pressed on the plan.") : ""}
        value={String(target.seat_id)}
        onInput={(value) => ctrl.drafts.set(key, { seat_id: Number(value) })}
      >
        <option value={seat.seat_id}>{_("%(seat)s: the same seat, sign in again", { seat: seat.number })}</option>
        {free.map((each) => (
          <option key={each.seat_id} value={each.seat_id}>
            {_("%(seat)s: free", { seat: each.number })}
          </option>
        ))}
      </Select>
      <Reasons
        id="move"
        title={_("At once, because of")}
        common={moveReasons()}
        send={send}
        reason={draft.reason}
        isBusy={ctrl.acts.of(key).isBusy}
        onReason={(reason) => ctrl.drafts.set(key, { reason })}
        onSend={(reason) => void ctrl.move(session, seat, reason)}
      />
    </>
  );
}
