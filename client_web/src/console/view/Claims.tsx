// Other computers at which the candidate's code was typed: one press of a reason moves the test there, another refuses.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { _ } from "../../common/i18n";
import type { ClaimView, SeatView } from "../../common/wire";
import { deviceKey } from "../ctrl/console";
import { hourText } from "../ctrl/time";
import { Outcome } from "./Clause";
import type { DeskProps } from "./Desk";
import { useDevices } from "./Devices";
import { isActing } from "./Duty";
import { Icon } from "./Icon";
import { elsewhereReasons, Reasons } from "./Reasons";
import { browserName } from "./words";

export function Claims({ ctrl, snapshot, session, seat }: DeskProps & { seat: SeatView }): VNode | null {
  const found = useDevices(ctrl, session);
  const waiting = session.progress.claims > 0 ? (found?.waiting ?? []) : [];
  const state = ctrl.acts.of(deviceKey(session));
  if (waiting.length === 0) return state.done || state.trouble ? <Outcome state={state} /> : null;
  return (
    <section class="calling" aria-label={_("Another computer asks")}>
      {waiting.map((claim) => (
        <div class="calling__one" key={claim.id}>
          <p class="calling__kind">
            <Icon name="browser" /> <b>{_("Another computer asks to go on with this test")}</b>
          </p>
          <Where claim={claim} seat={seat} />
          {isActing(snapshot) && (
            <Decide
              claim={claim}
              isBusy={state.isBusy}
              onDecide={(lets_in, reason) => void ctrl.decideDevice(session, claim.id, { lets_in, reason })}
            />
          )}
        </div>
      ))}
      <Outcome state={{ ...state, done: null }} />
    </section>
  );
}

/** Which computer it is; one that stands at another seat is to be looked at twice. */
function Where({ claim, seat }: { claim: ClaimView; seat: SeatView }): VNode {
  return (
    <>
      <p class="calling__state">
        {claim.address} · {browserName(claim.browser)} · {_("asks since %(time)s", { time: hourText(claim.asked_at, true) })}
      </p>
      {claim.home_seat !== null && claim.home_seat !== seat.number && (
        <p class="devices__astray">
          <Icon name="warning" /> {_("This computer was first used at seat %(seat)s. Go and look who sits there.", { seat: claim.home_seat })}
        </p>
      )}
    </>
  );
}

interface DecideProps {
  readonly claim: ClaimView;
  readonly isBusy: boolean;
  readonly onDecide: (lets_in: boolean, reason: string) => void;
}

function Decide({ claim, isBusy, onDecide }: DecideProps): VNode {
  const [reason, setReason] = useState("");
  return (
    <Reasons
      id={`claim-${claim.id}`}
      title={_("Move the test there and shut out the present computer, because of")}
      common={elsewhereReasons()}
      send={_("Move the test there")}
      reason={reason}
      isBusy={isBusy}
      onReason={setReason}
      onSend={(given) => onDecide(true, given)}
    >
      <button
        type="button"
        class="govuk-button govuk-button--secondary"
        onClick={() => onDecide(false, reason.trim() || _("Not the candidate of this seat"))}
      >
        {_("Refuse it")}
      </button>
    </Reasons>
  );
}
