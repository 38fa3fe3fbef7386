// The protocol of a removal: violation, what happened, witnesses, the candidate's statement, then a last question.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { _ } from "../../common/i18n";
import { Dialog } from "../../common/shell";
import type { ChoiceView, SessionView, Snapshot } from "../../common/wire";
import { seatKey, type Console } from "../ctrl/console";
import { LONG_MAX, NO_PROTOCOL, protocolFaults, removeAsk, witnessesOf, WITNESSES_MAX, type RemoveDraft } from "../ctrl/forms";
import type { Faults } from "../types";
import { Clause } from "./Clause";
import type { DeskProps } from "./Desk";
import { FaultSummary, Notes, Select, TextBox, TextLine, Tick } from "./fields";
import { Pair } from "./Who";

export function Removal({ ctrl, snapshot, session }: DeskProps): VNode {
  const draft = ctrl.drafts.get(seatKey(session, "remove"), NO_PROTOCOL);
  const set = (part: Partial<RemoveDraft>) => ctrl.drafts.set(seatKey(session, "remove"), part);
  const [faults, setFaults] = useState<Faults>({});
  const [tries, setTries] = useState(0);
  const review = (event: Event) => {
    event.preventDefault();
    const found = protocolFaults(draft, snapshot.min_witnesses);
    setFaults(found);
    setTries(tries + 1);
    ctrl.isConfirmingRemoval.value = Object.keys(found).length === 0;
  };
  return (
    <form class="removal" onSubmit={review} noValidate>
      <p class="warning">{_("A removal ends the test at once. It cannot be undone.")}</p>
      <FaultSummary faults={faults} prefix="remove" tries={tries} />
      <Violation violations={snapshot.violations} draft={draft} fault={faults["violation"]} onSet={set} />
      <TextBox
        id="remove-narrative"
        label={_("What happened")}
        hint={_("When, where, what you saw and what was taken away.")}
        rows={4}
        max={LONG_MAX}
        value={draft.narrative}
        fault={faults["narrative"]}
        onInput={(narrative) => set({ narrative })}
      />
      <Witnesses min={snapshot.min_witnesses} draft={draft} fault={faults["witnesses"]} onSet={set} />
      <Statement draft={draft} fault={faults["statement"]} onSet={set} />
      <button type="submit" class="govuk-button govuk-button--warning">
        {_("Review the protocol…")}
      </button>
      {ctrl.isConfirmingRemoval.value && <LastQuestion ctrl={ctrl} snapshot={snapshot} session={session} draft={draft} />}
    </form>
  );
}

interface PartProps {
  readonly draft: RemoveDraft;
  readonly fault: string | undefined;
  readonly onSet: (part: Partial<RemoveDraft>) => void;
}

function Violation({ violations, draft, fault, onSet }: PartProps & { violations: readonly ChoiceView[] }): VNode {
  const options = (isRemoval: boolean) =>
    violations
      .filter((each) => (each.consequence === "removal") === isRemoval)
      .map((each) => (
        <option key={each.code} value={each.code}>
          {each.title}
        </option>
      ));
  return (
    <Select id="remove-violation" label={_("What was done")} value={draft.violation} fault={fault} onInput={(violation) => onSet({ violation })}>
      <option value="">{_("Choose…")}</option>
      <optgroup label={_("Ends in removal")}>{options(true)}</optgroup>
      <optgroup label={_("Only after a warning")}>{options(false)}</optgroup>
    </Select>
  );
}

function Witnesses({ min, draft, fault, onSet }: PartProps & { min: number }): VNode {
  const n = Math.max(min, draft.witnesses.length, 1);
  const names = Array.from({ length: n }, (_each, i) => draft.witnesses[i] ?? "");
  const put = (i: number, name: string) => onSet({ witnesses: names.map((old, at) => (at === i ? name : old)) });
  return (
    <fieldset class={fault ? "witnesses field--fault" : "witnesses"} id="remove-witnesses" tabIndex={-1}>
      <legend class="field__label">{_("Witnesses")}</legend>
      <Notes field={{ id: "remove-witnesses", hint: _("At least %(n)s people, not you. Family name, given name, position.", { n: min }), fault }} />
      {names.map((name, i) => (
        <TextLine key={i} id={`remove-witness-${i}`} label={_("Witness %(n)s", { n: i + 1 })} max={120} value={name} onInput={(text) => put(i, text)} />
      ))}
      {n < WITNESSES_MAX && (
        <button type="button" class="quiet" onClick={() => onSet({ witnesses: [...names, ""] })}>
          {_("Add a witness")}
        </button>
      )}
    </fieldset>
  );
}

function Statement({ draft, fault, onSet }: PartProps): VNode {
  return (
    <div class={fault ? "field--fault" : ""} id="remove-statement" tabIndex={-1}>
      <Notes field={{ id: "remove-statement", fault }} />
      <Tick
        id="remove-asked"
        label={_("The candidate was asked for a statement")}
        isOn={draft.isStatementAsked}
        describedBy={fault ? "remove-statement-fault" : undefined}
        onInput={(isStatementAsked) => onSet({ isStatementAsked })}
      />
      <TextBox
        id="remove-words"
        label={_("Statement of the candidate")}
        hint={_("In the candidate's own words. Leave empty if the candidate declined.")}
        max={LONG_MAX}
        value={draft.statement}
        onInput={(statement) => onSet({ statement })}
      />
    </div>
  );
}

interface QuestionProps {
  readonly ctrl: Console;
  readonly snapshot: Snapshot;
  readonly session: SessionView;
  readonly draft: RemoveDraft;
}

function LastQuestion({ ctrl, snapshot, session, draft }: QuestionProps): VNode {
  const { isBusy } = ctrl.acts.of(seatKey(session, "remove"));
  const violation = snapshot.violations.find((each) => each.code === draft.violation)?.title ?? draft.violation;
  const back = () => (ctrl.isConfirmingRemoval.value = false);
  const remove = () => void ctrl.actOnSeat(session, "remove", removeAsk(draft), _("The candidate is removed; the protocol is recorded."));
  return (
    <Dialog title={_("Remove %(name)s from the test?", { name: session.who.name })} isAlarm onCancel={back}>
      <p class="warning warning--grave">
        <b>{_("The test of this candidate ends at once and cannot be entered again. The right to the certificate is lost.")}</b>{" "}
        <Clause snapshot={snapshot} act="remove" />
      </p>
      <dl class="pairs pairs--wide">
        <Pair name={_("What was done")}>{violation}</Pair>
        <Pair name={_("What happened")}>{draft.narrative.trim()}</Pair>
        <Pair name={_("Witnesses")}>{witnessesOf(draft).join("; ")}</Pair>
        <Pair name={_("Statement of the candidate")}>{draft.statement.trim() || _("asked for; none was given")}</Pair>
      </dl>
      <div class="dialog__actions">
        <button type="button" class="govuk-button govuk-button--secondary" onClick={back}>
          {_("Back to the protocol")}
        </button>
        <button type="button" class="govuk-button govuk-button--warning" aria-busy={isBusy} onClick={remove}>
          {isBusy ? _("One moment…") : _("Remove and end the test")}
        </button>
      </div>
    </Dialog>
  );
}
