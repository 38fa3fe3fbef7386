// What an act on the whole room asks before it is done: a confirmation with the facts, a reason, or the words to send.
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { _, ngettext } from "../../common/i18n";
import { Dialog } from "../../common/shell";
import type { Snapshot } from "../../common/wire";
import { roomKey, type Console } from "../ctrl/console";
import { REASON_MAX } from "../ctrl/forms";
import { hourText, secondsTo, spanText } from "../ctrl/time";
import type { RoomAsk } from "../types";
import { Clause, Outcome } from "./Clause";
import { PinLine, TextBox } from "./fields";
import { GiveToRoom, NoteIncident } from "./LostTime";
import { pauseReasons, Reasons, resumeReasons } from "./Reasons";

interface Props {
  readonly ctrl: Console;
  readonly snapshot: Snapshot;
}

export function RoomDialog({ ctrl, snapshot, ask }: Props & { ask: RoomAsk }): VNode {
  switch (ask) {
    case "start":
      return <StartDialog ctrl={ctrl} snapshot={snapshot} />;
    case "close":
      return <CloseDialog ctrl={ctrl} snapshot={snapshot} />;
    case "message":
      return <MessageDialog ctrl={ctrl} snapshot={snapshot} />;
    case "give-time":
      return (
        <Frame ctrl={ctrl} snapshot={snapshot} act={ask} title={_("Give lost time back to the room")}>
          <GiveToRoom ctrl={ctrl} snapshot={snapshot} />
          <WayBack ctrl={ctrl} />
        </Frame>
      );
    case "incidents":
      return (
        <Frame ctrl={ctrl} snapshot={snapshot} act={ask} title={_("Note an incident")}>
          <NoteIncident ctrl={ctrl} snapshot={snapshot} />
          <WayBack ctrl={ctrl} />
        </Frame>
      );
    case "pause":
    case "resume":
      return <HoldDialog ctrl={ctrl} snapshot={snapshot} act={ask} />;
  }
}

interface FrameProps extends Props {
  readonly act: RoomAsk;
  readonly title: string;
  readonly children: ComponentChildren;
}

function Frame({ ctrl, snapshot, act, title, children }: FrameProps): VNode {
  return (
    <Dialog title={title} onCancel={() => (ctrl.ask.value = null)}>
      <p class="dialog__clause">
        <Clause snapshot={snapshot} act={act} />
      </p>
      {children}
      <Outcome state={ctrl.acts.of(roomKey(act))} />
    </Dialog>
  );
}

function Cancel({ ctrl }: { ctrl: Console }): VNode {
  return (
    <button type="button" class="govuk-button govuk-button--secondary" onClick={() => (ctrl.ask.value = null)}>
      {_("Cancel")}
    </button>
  );
}

function WayBack({ ctrl }: { ctrl: Console }): VNode {
  return (
    <div class="dialog__actions">
      <Cancel ctrl={ctrl} />
    </div>
  );
}

function StartDialog({ ctrl, snapshot }: Props): VNode {
  const roll = ctrl.roll.value;
  const early_s = secondsTo(snapshot.room.starts_at, ctrl.now.value) ?? 0;
  const { isBusy } = ctrl.acts.of(roomKey("start"));
  const start = () => void ctrl.actOnRoom("start", {}, _("The room has started."));
  return (
    <Frame ctrl={ctrl} snapshot={snapshot} act="start" title={_("Start the test in this room?")}>
      {early_s > 0 && (
        <p class="warning">
          <b>{_("It is %(span)s before the hour, %(time)s.", { span: spanText(early_s), time: hourText(snapshot.room.starts_at) })}</b>{" "}
          {_("Starting earlier needs an order; without one the server refuses.")}
        </p>
      )}
      <ul class="facts">
        <li>{ngettext("%(n)s candidate is admitted and begins now.", "%(n)s candidates are admitted and begin now.", roll.admitted)}</li>
        <li>{ngettext("%(n)s candidate is still expected and may come late.", "%(n)s candidates are still expected and may come late.", roll.expected)}</li>
        <li>{_("Latecomers end with the others: their time is not made longer.")}</li>
      </ul>
      <div class="dialog__actions">
        <button type="button" class="govuk-button" aria-busy={isBusy} onClick={start}>
          {isBusy ? _("One moment…") : _("Start the test")}
        </button>
        <Cancel ctrl={ctrl} />
      </div>
    </Frame>
  );
}

function CloseDialog({ ctrl, snapshot }: Props): VNode {
  const roll = ctrl.roll.value;
  const { isBusy } = ctrl.acts.of(roomKey("close"));
  const atWork = roll.running + roll.paused + roll.admitted;
  const left_s = ctrl.late_s.value;
  const [pin, setPin] = useState("");
  const [fault, setFault] = useState("");
  const close = (event: Event) => {
    event.preventDefault();
    setFault(pin === "" ? _("Type your PIN.") : "");
    if (pin !== "") void ctrl.actOnRoom("close", { pin }, _("The room is closed.")).then(() => setPin(""));
  };
  return (
    <Frame ctrl={ctrl} snapshot={snapshot} act="close" title={_("Close the room?")}>
      {atWork > 0 && (
        <p class="warning">
          <b>{ngettext("%(n)s candidate has not finished.", "%(n)s candidates have not finished.", atWork)}</b>{" "}
          {_("The room can be closed when all have finished or their time is over.")}
        </p>
      )}
      {roll.expected > 0 && left_s !== null && left_s >= 0 && (
        <p class="warning">{_("Latecomers may still come for %(span)s.", { span: spanText(left_s) })}</p>
      )}
      <ul class="facts">
        <li>{ngettext("%(n)s candidate who did not come is recorded as absent.", "%(n)s candidates who did not come are recorded as absent.", roll.expected)}</li>
        <li>{_("A closed room is not opened again.")}</li>
      </ul>
      <form onSubmit={close} noValidate>
        <PinLine id="close-pin" label={_("Your PIN")} hint={_("You sign how the test ended for each candidate.")} value={pin} fault={fault || undefined} onInput={setPin} />
        <div class="dialog__actions">
          <button type="submit" class="govuk-button govuk-button--warning" aria-busy={isBusy}>
            {isBusy ? _("One moment…") : _("Close the room")}
          </button>
          <Cancel ctrl={ctrl} />
        </div>
      </form>
    </Frame>
  );
}

function MessageDialog({ ctrl, snapshot }: Props): VNode {
  const key = roomKey("message");
  const { text } = ctrl.drafts.get(key, { text: "" });
  const { isBusy } = ctrl.acts.of(key);
  const [fault, setFault] = useState("");
  const send = (event: Event) => {
    event.preventDefault();
    setFault(text.trim() === "" ? _("Write the message.") : "");
    if (text.trim() !== "") void ctrl.actOnRoom("message", { text: text.trim() }, _("The message was sent to all."));
  };
  return (
    <Frame ctrl={ctrl} snapshot={snapshot} act="message" title={_("Message to all in the room")}>
      <form onSubmit={send} noValidate>
        <TextBox
          id="room-message"
          label={_("Message")}
          hint={_("It stays on each screen until it is read.")}
          rows={4}
          max={REASON_MAX}
          value={text}
          fault={fault || undefined}
          onInput={(value) => ctrl.drafts.set(key, { text: value })}
        />
        <div class="dialog__actions">
          <button type="submit" class="govuk-button" aria-busy={isBusy}>
            {isBusy ? _("One moment…") : _("Send to all")}
          </button>
          <Cancel ctrl={ctrl} />
        </div>
      </form>
    </Frame>
  );
}

function HoldDialog({ ctrl, snapshot, act }: Props & { act: "pause" | "resume" }): VNode {
  const key = roomKey(act);
  const { reason } = ctrl.drafts.get(key, { reason: "" });
  const isPause = act === "pause";
  const n = isPause ? ctrl.roll.value.running : ctrl.roll.value.paused;
  const note = isPause ? _("All are paused.") : _("All go on.");
  return (
    <Frame ctrl={ctrl} snapshot={snapshot} act={act} title={isPause ? _("Pause all") : _("Resume all")}>
      <p>
        {isPause
          ? ngettext("The time of %(n)s candidate stands still until you resume.", "The time of %(n)s candidates stands still until you resume.", n)
          : ngettext("The time of %(n)s candidate runs again.", "The time of %(n)s candidates runs again.", n)}
      </p>
      <Reasons
        id="room-hold"
        title={isPause ? _("Pause at once, because of") : _("Resume at once, because")}
        common={isPause ? pauseReasons() : resumeReasons()}
        send={isPause ? _("Pause all") : _("Resume all")}
        reason={reason}
        isBusy={ctrl.acts.of(key).isBusy}
        onReason={(text) => ctrl.drafts.set(key, { reason: text })}
        onSend={(text) => void ctrl.actOnRoom(act, { reason: text }, note)}
      >
        <Cancel ctrl={ctrl} />
      </Reasons>
    </Frame>
  );
}
