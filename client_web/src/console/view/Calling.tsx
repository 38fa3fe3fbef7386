// A call of the chosen candidate: for what, how long it waits, and the two things to do about it.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import type { SessionView, Snapshot } from "../../common/wire";
import { callKey, seatKey, type Console } from "../ctrl/console";
import { hourText, spanText } from "../ctrl/time";
import { Answers } from "./Answers";
import { Outcome } from "./Clause";
import { Icon } from "./Icon";
import { callStateText, callWaits } from "./words";

export function Calling({ ctrl, snapshot, session }: { ctrl: Console; snapshot: Snapshot; session: SessionView }): VNode | null {
  const { call } = session;
  if (!call) return null;
  const kind = snapshot.calls.find((each) => each.code === call.kind)?.title ?? call.kind;
  const state = ctrl.acts.of(callKey(session));
  return (
    <section class="calling" aria-label={_("Call of the candidate")}>
      <p class="calling__kind">
        <Icon name="call" /> <b>{kind}</b> {call.words && <q>{call.words}</q>}
      </p>
      <p class="calling__state">
        {callStateText(call)} · {_("called at %(time)s", { time: hourText(call.asked_at, true) })} · {spanText(callWaits(call, ctrl.now.value))}
      </p>
      {call.state !== "answered" && <Answers snapshot={snapshot} onSend={(code) => void ctrl.answer(session, code)} />}
      <div class="button-row">
        {call.state === "asked" && (
          <button type="button" class="govuk-button" onClick={() => void ctrl.moveCall(session, "take")}>
            {_("I am going there")}
          </button>
        )}
        <button type="button" class="govuk-button govuk-button--secondary" onClick={() => void ctrl.moveCall(session, "close")}>
          {_("Done with")}
        </button>
      </div>
      <Outcome state={{ ...state, done: null }} />
      <Outcome state={{ ...ctrl.acts.of(seatKey(session, "message")), done: null }} />
    </section>
  );
}
