// At the desk: the document is looked at, then the candidate is let in. Both steps show what is still needed.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { _ } from "../../common/i18n";
import type { DeskView, SessionView, Snapshot } from "../../common/wire";
import { seatKey, type Console } from "../ctrl/console";
import { checksOf, identityAsk, identityFaults, isAllSeen, NO_IDENTITY, REASON_MAX, reasonFaults, type Checks, type IdentityDraft } from "../ctrl/forms";
import { spanText } from "../ctrl/time";
import type { Faults } from "../types";
import { Clause, Outcome } from "./Clause";
import { Notes, TextLine, Tick } from "./fields";
import { Picture } from "./Picture";

export interface DeskProps {
  readonly ctrl: Console;
  readonly snapshot: Snapshot;
  readonly session: SessionView;
}

export function Desk(props: DeskProps): VNode {
  const { session, ctrl } = props;
  const isConfirmed = session.desk.identity === "confirmed";
  const isAgain = ctrl.openAct.value === "identity";
  return (
    <>
      <section class="desk" aria-labelledby="identity-title">
        <h3 class="desk__title" id="identity-title">
          {_("Identity")} <Clause snapshot={props.snapshot} act="identity" />
        </h3>
        {session.desk.identity === "refused" && (
          <p class="warning">{_("The identity was not confirmed. Compare the number with the document and check again.")}</p>
        )}
        {session.desk.double && <p class="warning">{doubleText(session.desk.double)}</p>}
        {isConfirmed && (
          <button type="button" class="quiet" aria-expanded={isAgain} onClick={() => ctrl.toggle(session, "identity")}>
            {_("Check again")}
          </button>
        )}
        {(!isConfirmed || isAgain) && <IdentityForm {...props} />}
      </section>
      <Admission {...props} />
    </>
  );
}

function doubleText(double: NonNullable<DeskView["double"]>): string {
  const words: Record<typeof double, string> = {
    inside_elsewhere: _("This person is inside in another room just now. Call the head of the test centre."),
    of_another: _("The document that was shown is another candidate's."),
    shown_before: _("The same document was shown for another candidate as well. Look closely."),
  };
  return words[double];
}

function IdentityForm({ ctrl, snapshot, session }: DeskProps): VNode {
  const key = seatKey(session, "identity");
  const kept = ctrl.drafts.get(key, NO_IDENTITY);
  const draft = kept.kind === "" ? { ...kept, kind: snapshot.documents[0]?.code ?? "" } : kept;
  const checks = checksOf(snapshot.documents.find((each) => each.code === draft.kind));
  const state = ctrl.acts.of(key);
  const [faults, setFaults] = useState<Faults>({});
  // Not in the drafts: those outlive the page, a picture must not.
  const [picture, setPicture] = useState("");
  const set = (part: Partial<IdentityDraft>) => ctrl.drafts.set(key, { ...draft, ...part });
  const isComplete = isAllSeen(draft, checks);
  const record = async (isAllowedIncomplete: boolean) => {
    const wanting: Faults = isAllowedIncomplete ? reasonFaults(draft.reason) : isComplete ? {} : { ticks: _("Tick what you saw yourself.") };
    const found = { ...identityFaults(draft), ...wanting };
    setFaults(found);
    const [first] = Object.keys(found);
    if (first) return document.getElementById(`identity-${first === "ticks" ? "photo" : first}`)?.focus();
    if (!(await ctrl.actOnSeat(session, "identity", identityAsk(draft, checks, picture), _("The check is recorded.")))) return;
    // The next press is the admission, so the focus waits there.
    requestAnimationFrame(() => document.getElementById("admit")?.focus());
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void record(false);
  };
  return (
    <form class="identity" onSubmit={submit} noValidate aria-busy={state.isBusy}>
      <Kinds snapshot={snapshot} chosen={draft.kind} onChoose={(kind) => set({ kind })} />
      <TextLine
        id="identity-number"
        label={_("Number of the document")}
        value={draft.number}
        max={40}
        fault={faults["number"]}
        onInput={(number) => set({ number })}
      />
      {snapshot.takes_pictures && <Picture photo_url={session.who.photo_url} onTake={setPicture} />}
      <Ticks draft={draft} checks={checks} fault={faults["ticks"]} onSet={set} />
      {!isComplete && (
        <TextLine
          id="identity-reason"
          label={_("Reason, if you do not confirm")}
          value={draft.reason}
          max={REASON_MAX}
          fault={faults["reason"]}
          onInput={(reason) => set({ reason })}
        />
      )}
      <div class="acts__row">
        <button type="submit" class="govuk-button" aria-busy={state.isBusy}>
          {state.isBusy ? _("One moment…") : _("Confirm the identity")}
        </button>
        {!isComplete && (
          <button type="button" class="quiet" onClick={() => void record(true)}>
            {_("Record: not confirmed")}
          </button>
        )}
      </div>
      <Outcome state={{ ...state, done: null }} />
    </form>
  );
}

function Kinds({ snapshot, chosen, onChoose }: { snapshot: Snapshot; chosen: string; onChoose: (kind: string) => void }): VNode {
  return (
    <fieldset class="kinds">
      <legend class="field__label">{_("Document")}</legend>
      <div class="govuk-radios govuk-radios--small">
        {snapshot.documents.map(({ code, title }) => (
          <div class="govuk-radios__item" key={code}>
            <input
              class="govuk-radios__input"
              type="radio"
              name="document-kind"
              id={`document-${code}`}
              value={code}
              checked={chosen === code}
              onInput={() => onChoose(code)}
            />
            <label class="govuk-label govuk-radios__label" for={`document-${code}`}>
              {title}
            </label>
          </div>
        ))}
      </div>
    </fieldset>
  );
}

interface TicksProps {
  readonly draft: IdentityDraft;
  readonly checks: Checks;
  readonly fault: string | undefined;
  readonly onSet: (part: Partial<IdentityDraft>) => void;
}

function Ticks({ draft, checks, fault, onSet }: TicksProps): VNode {
  const photo = checks.isOnReference ? _("The photograph on the reference is of this person") : _("The photograph is of this person");
  return (
    <div class={fault ? "ticks field--fault" : "ticks"}>
      <Notes field={{ id: "identity-ticks", fault }} />
      {checks.photo && <Tick id="identity-photo" label={photo} isOn={draft.isPhotoLike} onInput={(isPhotoLike) => onSet({ isPhotoLike })} />}
      {checks.seal && <Tick id="identity-seal" label={_("Seal of the school is there")} isOn={draft.hasSeal} onInput={(hasSeal) => onSet({ hasSeal })} />}
      {checks.signature && (
        <Tick
          id="identity-signature"
          label={_("Signature of the head is there")}
          isOn={draft.hasSignature}
          onInput={(hasSignature) => onSet({ hasSignature })}
        />
      )}
    </div>
  );
}

function Admission({ ctrl, snapshot, session }: DeskProps): VNode {
  const state = ctrl.acts.of(seatKey(session, "admit"));
  const late_s = ctrl.late_s.value;
  const obstacle = obstacleTo(ctrl, snapshot, session);
  const admit = () => {
    if (!obstacle) void ctrl.actOnSeat(session, "admit", {}, _("The candidate is admitted."));
  };
  return (
    <section class="desk" aria-labelledby="admission-title">
      <h3 class="desk__title" id="admission-title">
        {_("Admission")} <Clause snapshot={snapshot} act={late_s === null ? "admit" : "late"} />
      </h3>
      {late_s !== null && late_s >= 0 && (
        <p class="late">
          <Latecomer late_s={late_s} />
        </p>
      )}
      <button type="button" id="admit" class="govuk-button" aria-disabled={obstacle !== ""} aria-busy={state.isBusy} aria-describedby="admit-obstacle" onClick={admit}>
        {state.isBusy ? _("One moment…") : _("Admit")}
      </button>
      <p class="act__why" id="admit-obstacle">
        {obstacle}
      </p>
      <Outcome state={{ ...state, done: null }} />
    </section>
  );
}

function Latecomer({ late_s }: { late_s: number }): VNode {
  return (
    <>
      <b class="late__clock">{spanText(late_s)}</b> {_("left to admit a latecomer. The end of the test does not move.")}
    </>
  );
}

/** Why nobody can be admitted just now, in words; empty if nothing stands against it. */
function obstacleTo(ctrl: Console, { room }: Snapshot, { desk }: SessionView): string {
  if (room.state === "planned") return _("Open the doors first.");
  if (room.state === "closed") return _("The room is closed.");
  if (ctrl.late_s.value !== null && ctrl.late_s.value < 0) return _("The time for latecomers is over.");
  return desk.identity === "confirmed" ? "" : _("First confirm the identity.");
}
