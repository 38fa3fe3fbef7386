// The computers of the chosen candidate: which holds the test, where it stands, and whether it belongs to another seat.
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Refusal, Unreachable } from "../../common/api";
import { _ } from "../../common/i18n";
import type { DeviceView, DevicesView, SeatView, SessionView } from "../../common/wire";
import * as api from "../api";
import type { Console } from "../ctrl/console";
import { hourText } from "../ctrl/time";
import { Icon } from "./Icon";
import { browserName } from "./words";

/** The computers of a session, asked for anew when one signs in, asks or is decided on; null until they are here. */
export function useDevices(ctrl: Console, session: SessionView): DevicesView | null {
  const [found, setFound] = useState<DevicesView | null>(null);
  const { session_id } = session.who;
  const { is_signed_in, claims } = session.progress;
  useEffect(() => {
    let isWanted = true;
    api
      .fetchDevices(ctrl.room, session_id)
      .then((devices) => isWanted && setFound(devices))
      .catch((error: unknown) => {
        if (!(error instanceof Refusal || error instanceof Unreachable)) throw error;
      });
    return () => {
      isWanted = false;
    };
  }, [session_id, is_signed_in, claims]);
  return found;
}

export function Devices({ ctrl, session, seat }: { ctrl: Console; session: SessionView; seat: SeatView }): VNode | null {
  const found = useDevices(ctrl, session)?.devices ?? [];
  if (found.length === 0) return null;
  return (
    <section class="devices" aria-labelledby="devices-title">
      <h4 class="field__label" id="devices-title">
        {_("Computers used")}
      </h4>
      <ul class="devices__list">
        {found.map((each) => (
          <li key={each.lease} class={each.is_holder ? "devices__one devices__one--holder" : "devices__one"}>
            <b>{each.is_holder ? _("holds the test") : _("shut out")}</b> · {each.address} · {browserName(each.browser)} · {hourText(each.seen_at, true)}
            {each.seat !== null && <> · {_("seat %(seat)s", { seat: each.seat })}</>}
            {isAstray(each, seat) && (
              <p class="devices__astray">
                <Icon name="warning" /> {_("This computer was first used at seat %(seat)s. Is the candidate at the right seat?", { seat: each.home_seat ?? "" })}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function isAstray(device: DeviceView, seat: SeatView): boolean {
  return device.is_holder && device.home_seat !== null && device.home_seat !== seat.number;
}
