// The acts on one candidate that are possible now. Each opens its form beneath its button, with its clause beside it.
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { _ } from "../../common/i18n";
import type { SeatView, SessionView, Snapshot } from "../../common/wire";
import { seatKey, type Console } from "../ctrl/console";
import { LONG_MAX, NO_WARNING, REASON_MAX, type WarnDraft } from "../ctrl/forms";
import type { SeatAct } from "../types";
import { Answers } from "./Answers";
import { Clause, Outcome } from "./Clause";
import type { DeskProps } from "./Desk";
import { isActing } from "./Duty";
import { TextBox } from "./fields";
import { BeginBreak, GiveToOne } from "./LostTime";
import { Move } from "./Move";
import { letGoReasons, pauseReasons, playReasons, Reasons, resumeReasons } from "./Reasons";
import { Removal } from "./Removal";
import { Violation } from "./Violation";

const OVER: ReadonlySet<string> = new Set(["submitted", "removed", "absent"]);

/** The acts that the states of room and candidate allow; the server judges each again. */
export function possibleActs(snapshot: Snapshot, { progress, times, who }: SessionView): SeatAct[] {
  const { state } = snapshot.room;
  if (!isActing(snapshot) || (state !== "open" && state !== "running") || OVER.has(progress.state)) return [];
  const acts: SeatAct[] = [];
  if (state === "running" && progress.state === "running") acts.push("pause");
  const isHeld = times.held_since !== null;
  if (state === "running" && isHeld) acts.push("give-time", "let-go");
  else if (state === "running" && progress.state === "paused") acts.push("resume");
  acts.push("message");
  const hasBreaks = who.conditions.some(({ effect }) => effect === "break_minutes");
  if (state === "running" && progress.state === "running" && hasBreaks) acts.push("break");
  if (state === "running" && !isHeld && (progress.state === "running" || progress.state === "paused")) acts.push("give-time");
  if (state === "running" && snapshot.has_recordings && (progress.state === "running" || progress.state === "paused")) acts.push("give-play");
  if (progress.state !== "expected") acts.push("warn");
  acts.push("move", "remove");
  return acts;
}

export function ActList({ ctrl, snapshot, session, seat }: DeskProps & { seat: SeatView }): VNode | null {
  const acts = possibleActs(snapshot, session);
  if (acts.length === 0) return null;
  return (
    <section class="acts" aria-labelledby="acts-title">
      <h3 class="desk__title" id="acts-title">
        {_("What you can do")}
      </h3>
      {acts.map((act) => {
        const isOpen = ctrl.openAct.value === act;
        return (
          <div class={isOpen ? "acts__act acts__act--open" : "acts__act"} key={act}>
            <button
              type="button"
              class={act === "remove" ? "acts__button acts__button--grave" : "acts__button"}
              aria-expanded={isOpen}
              aria-describedby={`act-${act}-clause`}
              onClick={() => ctrl.toggle(session, act)}
            >
              {actWord(act)}
            </button>
            <Clause snapshot={snapshot} act={act} id={`act-${act}-clause`} />
            {isOpen && (
              <Opened>
                <Form ctrl={ctrl} snapshot={snapshot} session={session} seat={seat} act={act} />
                <Outcome state={{ ...ctrl.acts.of(seatKey(session, act)), done: null }} />
              </Opened>
            )}
          </div>
        );
      })}
    </section>
  );
}

function actWord(act: SeatAct): string {
  const words: Record<SeatAct, string> = {
    identity: _("Identity"),
    admit: _("Admit"),
    pause: _("Pause"),
    resume: _("Resume"),
    message: _("Message"),
    break: _("Begin a break"),
    "give-time": _("Give lost time back"),
    "give-play": _("Let a recording be heard again"),
    "let-go": _("Close without time back"),
    warn: _("Warn"),
    move: _("New code or seat"),
    remove: _("Remove"),
  };
  return words[act];
}

/** A form just opened; its first control takes the focus. */
function Opened({ children }: { children: ComponentChildren }): VNode {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.querySelector<HTMLElement>("button, input, select, textarea")?.focus(), []);
  return (
    <div class="acts__form" ref={ref}>
      {children}
    </div>
  );
}

type FormProps = DeskProps & { readonly seat: SeatView; readonly act: SeatAct };

function Form({ act, seat, ...at }: FormProps): VNode | null {
  switch (act) {
    case "pause":
    case "resume":
      return <Hold {...at} act={act} />;
    case "message":
      return <Message {...at} />;
    case "break":
      return <BeginBreak ctrl={at.ctrl} session={at.session} />;
    case "give-time":
      return <GiveToOne ctrl={at.ctrl} session={at.session} />;
    case "give-play":
      return <GivePlay {...at} />;
    case "let-go":
      return <LetGo {...at} />;
    case "warn":
      return <Warning {...at} />;
    case "move":
      return <Move {...at} seat={seat} />;
    case "remove":
      return <Removal {...at} />;
    default:
      return null;
  }
}

function Hold({ ctrl, session, act }: DeskProps & { act: "pause" | "resume" }): VNode {
  const key = seatKey(session, act);
  const { reason } = ctrl.drafts.get(key, { reason: "" });
  const isPause = act === "pause";
  return (
    <Reasons
      id="hold"
      title={isPause ? _("Pause at once, because of") : _("Resume at once, because")}
      common={isPause ? pauseReasons() : resumeReasons()}
      send={isPause ? _("Pause") : _("Resume")}
      reason={reason}
      isBusy={ctrl.acts.of(key).isBusy}
      onReason={(text) => ctrl.drafts.set(key, { reason: text })}
      onSend={(text) => void ctrl.actOnSeat(session, act, { reason: text }, isPause ? _("The candidate is paused.") : _("The candidate goes on."))}
    />
  );
}

function GivePlay({ ctrl, session }: DeskProps): VNode {
  const key = seatKey(session, "give-play");
  const { reason } = ctrl.drafts.get(key, { reason: "" });
  return (
    <>
      <p>{_("The last play of the recording before the candidate does not count: it was cut by a failure. The time it took is given back apart.")}</p>
      <Reasons
        id="give-play"
        title={_("Give the play back at once, because of")}
        common={playReasons()}
        send={_("Give the play back")}
        reason={reason}
        isBusy={ctrl.acts.of(key).isBusy}
        onReason={(text) => ctrl.drafts.set(key, { reason: text })}
        onSend={(text) => void ctrl.actOnSeat(session, "give-play", { reason: text }, _("The recording may be heard once more."))}
      />
    </>
  );
}

function LetGo({ ctrl, session }: DeskProps): VNode {
  const key = seatKey(session, "let-go");
  const { reason } = ctrl.drafts.get(key, { reason: "" });
  const isBetween = session.progress.ends_at === null; // none runs: the whole ran out before the next one
  return (
    <>
      <p class="warning">{isBetween ? _("The whole test is closed at once, with the subjects that the candidate has not begun.") : _("This subject is closed at once. An answer still kept on the candidate's computer will not count. Subjects still to come follow.")}</p>
      <Reasons
        id="let-go"
        title={_("Close at once, because")}
        common={letGoReasons()}
        send={_("Close")}
        reason={reason}
        isBusy={ctrl.acts.of(key).isBusy}
        onReason={(text) => ctrl.drafts.set(key, { reason: text })}
        onSend={(text) => void ctrl.actOnSeat(session, "let-go", { reason: text }, _("Closed; no time was given back."))}
      />
    </>
  );
}

function Message({ ctrl, snapshot, session }: DeskProps): VNode {
  const key = seatKey(session, "message");
  const { text } = ctrl.drafts.get(key, { text: "" });
  const [fault, setFault] = useState("");
  const send = (event: Event) => {
    event.preventDefault();
    setFault(text.trim() === "" ? _("Write the message.") : "");
    if (text.trim() !== "") void ctrl.actOnSeat(session, "message", { text: text.trim() }, _("The message was sent."));
  };
  return (
    <form onSubmit={send} noValidate>
      <Answers snapshot={snapshot} onSend={(code) => void ctrl.answer(session, code)} />
      <TextBox
        id="seat-message"
        label={_("Message")}
        max={REASON_MAX}
        value={text}
        fault={fault || undefined}
        onInput={(value) => ctrl.drafts.set(key, { text: value })}
      />
      <Send ctrl={ctrl} session={session} act="message" label={_("Send")} />
    </form>
  );
}

function Warning({ ctrl, snapshot, session }: DeskProps): VNode {
  const key = seatKey(session, "warn");
  const draft = ctrl.drafts.get(key, NO_WARNING);
  const [fault, setFault] = useState("");
  const set = (part: Partial<WarnDraft>) => ctrl.drafts.set(key, part);
  const send = (event: Event) => {
    event.preventDefault();
    setFault(draft.violation === "" ? _("Choose what was done.") : "");
    if (draft.violation !== "") void ctrl.actOnSeat(session, "warn", { ...draft, narrative: draft.narrative.trim() }, _("The candidate is warned."));
  };
  return (
    <form onSubmit={send} noValidate>
      {session.desk.warnings > 0 && <p class="warning">{_("This candidate was warned before. Another violation may end in removal.")}</p>}
      <Violation
        id="warn-violation"
        act="warn"
        snapshot={snapshot}
        hint={_("Only acts that a warning answers are listed. All others end in removal.")}
        value={draft.violation}
        fault={fault || undefined}
        onInput={(violation) => set({ violation })}
      />
      <TextBox id="warn-narrative" label={_("What happened (may stay empty)")} rows={2} max={LONG_MAX} value={draft.narrative} onInput={(narrative) => set({ narrative })} />
      <div class="button-row acts__row">
        <Send ctrl={ctrl} session={session} act="warn" label={_("Warn")} />
        <button type="button" class="quiet" onClick={() => ctrl.toggle(session, "remove")}>
          {_("Remove")}
        </button>
      </div>
    </form>
  );
}

export function Send({ ctrl, session, act, label }: { ctrl: Console; session: SessionView; act: SeatAct; label: string }): VNode {
  const { isBusy } = ctrl.acts.of(seatKey(session, act));
  return (
    <button type="submit" class="govuk-button" aria-busy={isBusy}>
      {isBusy ? _("One moment…") : label}
    </button>
  );
}
