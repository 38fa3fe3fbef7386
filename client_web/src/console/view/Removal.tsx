// A removal: what was done, then a last question. The protocol is written after it, and signed before the room closes.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { _ } from "../../common/i18n";
import { Dialog } from "../../common/shell";
import { seatKey } from "../ctrl/console";
import { LONG_MAX, NO_REMOVAL, removalFaults, removeAsk, type RemoveDraft } from "../ctrl/forms";
import type { Faults } from "../types";
import { Clause } from "./Clause";
import type { DeskProps } from "./Desk";
import { FaultSummary, TextBox } from "./fields";
import { Violation } from "./Violation";
import { Pair } from "./Who";

export function Removal({ ctrl, snapshot, session }: DeskProps): VNode {
  const draft = ctrl.drafts.get(seatKey(session, "remove"), NO_REMOVAL);
  const set = (part: Partial<RemoveDraft>) => ctrl.drafts.set(seatKey(session, "remove"), part);
  const [faults, setFaults] = useState<Faults>({});
  const [tries, setTries] = useState(0);
  const review = (event: Event) => {
    event.preventDefault();
    const found = removalFaults(draft);
    setFaults(found);
    setTries(tries + 1);
    ctrl.isConfirmingRemoval.value = Object.keys(found).length === 0;
  };
  return (
    <form class="removal" onSubmit={review} noValidate>
      <p class="warning">{_("A removal ends the test at once. It cannot be undone.")}</p>
      <FaultSummary faults={faults} prefix="remove" tries={tries} />
      <Violation id="remove-violation" act="remove" snapshot={snapshot} value={draft.violation} fault={faults["violation"]} onInput={(violation) => set({ violation })} />
      <TextBox
        id="remove-narrative"
        label={_("What happened (may stay empty)")}
        hint={_("A word or two are enough now. Witnesses, statement and signatures follow in the protocol.")}
        rows={2}
        max={LONG_MAX}
        value={draft.narrative}
        onInput={(narrative) => set({ narrative })}
      />
      <button type="submit" class="govuk-button govuk-button--warning">
        {_("Remove from the test…")}
      </button>
      {ctrl.isConfirmingRemoval.value && <LastQuestion ctrl={ctrl} snapshot={snapshot} session={session} draft={draft} />}
    </form>
  );
}

function LastQuestion({ ctrl, snapshot, session, draft }: DeskProps & { draft: RemoveDraft }): VNode {
  const { isBusy } = ctrl.acts.of(seatKey(session, "remove"));
  const violation = snapshot.violations.find((each) => each.code === draft.violation)?.title ?? draft.violation;
  const back = () => (ctrl.isConfirmingRemoval.value = false);
  const remove = () => void ctrl.actOnSeat(session, "remove", removeAsk(draft), _("The candidate is removed. Now write the protocol."));
  return (
    <Dialog title={_("Remove %(name)s from the test?", { name: session.who.name })} isAlarm onCancel={back}>
      <p class="warning warning--grave">
        <b>{_("The test of this candidate ends at once and cannot be entered again. The right to the certificate is lost.")}</b>{" "}
        <Clause snapshot={snapshot} act="remove" />
      </p>
      <dl class="pairs pairs--wide">
        <Pair name={_("What was done")}>{violation}</Pair>
        {draft.narrative.trim() !== "" && <Pair name={_("What happened")}>{draft.narrative.trim()}</Pair>}
      </dl>
      <div class="dialog__actions">
        <button type="button" class="govuk-button govuk-button--secondary" onClick={back}>
          {_("Cancel")}
        </button>
        <button type="button" class="govuk-button govuk-button--warning" aria-busy={isBusy} onClick={remove}>
          {isBusy ? _("One moment…") : _("Remove and end the test")}
        </button>
      </div>
    </Dialog>
  );
}
