// What can be done at once at the seats that were chosen, for one reason, and what came of it at each.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { _, ngettext } from "../../common/i18n";
import { Dialog } from "../../common/shell";
import type { Snapshot } from "../../common/wire";
import { bulkKey, NO_MESSAGE } from "../ctrl/bulk";
import type { Console } from "../ctrl/console";
import { REASON_MAX } from "../ctrl/forms";
import type { BulkAct } from "../types";
import { Answers } from "./Answers";
import { Clause, Outcome } from "./Clause";
import { TextBox } from "./fields";
import { pauseReasons, Reasons, resumeReasons } from "./Reasons";

interface Props {
  readonly ctrl: Console;
  readonly snapshot: Snapshot;
}

export function BulkBar({ ctrl, snapshot }: Props): VNode | null {
  const { bulk } = ctrl;
  const n = bulk.ids.value.length;
  const act = bulk.act.value;
  const reply = bulk.reply.value;
  if (n === 0 && !reply) return null;
  const isRunning = snapshot.room.state === "running";
  const acts: BulkAct[] = isRunning ? ["pause", "resume", "message"] : ["message"];
  return (
    <div class="bulk" role="group" aria-label={_("Chosen seats")}>
      {n > 0 && (
        <>
          <p class="bulk__count">{chosenText(n)}</p>
          {acts.map((each) => (
            <button key={each} type="button" class="govuk-button govuk-button--secondary bulk__act" aria-haspopup="dialog" onClick={() => bulk.open(each)}>
              {bulkWord(each)}
            </button>
          ))}
          <button type="button" class="quiet" onClick={() => bulk.clear()}>
            {_("Choose nobody")}
          </button>
        </>
      )}
      {reply && <Lines ctrl={ctrl} />}
      {act && <BulkDialog ctrl={ctrl} snapshot={snapshot} act={act} n={n} />}
    </div>
  );
}

const chosenText = (n: number) => ngettext("%(n)s seat is chosen", "%(n)s seats are chosen", n);

function bulkWord(act: BulkAct): string {
  const words: Record<BulkAct, string> = { pause: _("Pause them…"), resume: _("Resume them…"), message: _("Message to them…") };
  return words[act];
}

/** Only what was not done needs to be read seat by seat. */
function Lines({ ctrl }: { ctrl: Console }): VNode {
  const lines = ctrl.bulk.reply.value?.lines ?? [];
  const done = lines.filter((line) => line.is_done);
  const left = lines.filter((line) => !line.is_done);
  return (
    <div class="bulk__lines" role="status">
      {done.length > 0 && <p>{_("Done at seats %(seats)s.", { seats: done.map((line) => line.seat).join(", ") })}</p>}
      {left.length > 0 && (
        <ul>
          {left.map((line) => (
            <li key={line.session_id}>
              <b>{_("Seat %(seat)s", { seat: line.seat })}</b>: {line.note}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function BulkDialog({ ctrl, snapshot, act, n }: Props & { act: BulkAct; n: number }): VNode {
  const close = () => (ctrl.bulk.act.value = null);
  return (
    <Dialog title={bulkWord(act).replace("…", "")} onCancel={close}>
      <p>{chosenText(n)}</p>
      <p class="dialog__clause">
        <Clause snapshot={snapshot} act={act} />
      </p>
      {act === "message" ? <Words ctrl={ctrl} snapshot={snapshot} /> : <Hold ctrl={ctrl} act={act} />}
      <Outcome state={{ ...ctrl.acts.of(bulkKey(act)), done: null }} />
      <div class="dialog__actions">
        <button type="button" class="govuk-button govuk-button--secondary" onClick={close}>
          {_("Cancel")}
        </button>
      </div>
    </Dialog>
  );
}

function Hold({ ctrl, act }: { ctrl: Console; act: "pause" | "resume" }): VNode {
  const key = bulkKey(act);
  const { reason } = ctrl.drafts.get(key, { reason: "" });
  const isPause = act === "pause";
  return (
    <Reasons
      id="bulk-hold"
      title={isPause ? _("Pause at once, because of") : _("Resume at once, because")}
      common={isPause ? pauseReasons() : resumeReasons()}
      send={isPause ? _("Pause") : _("Resume")}
      reason={reason}
      isBusy={ctrl.acts.of(key).isBusy}
      onReason={(text) => ctrl.drafts.set(key, { reason: text })}
      onSend={(text) => void ctrl.bulk.hold(act, text)}
    />
  );
}

function Words({ ctrl, snapshot }: Props): VNode {
  const key = bulkKey("message");
  const draft = ctrl.drafts.get(key, NO_MESSAGE);
  const [fault, setFault] = useState("");
  const send = (event: Event) => {
    event.preventDefault();
    setFault(draft.text.trim() === "" ? _("Write the message.") : "");
    if (draft.text.trim() !== "") void ctrl.bulk.message({ ...draft, code: null });
  };
  return (
    <form onSubmit={send} noValidate>
      <Answers snapshot={snapshot} onSend={(code) => void ctrl.bulk.message({ text: "", code, key: draft.key })} />
      <TextBox id="bulk-message" label={_("In your own words")} rows={3} max={REASON_MAX} value={draft.text} fault={fault || undefined} onInput={(text) => ctrl.drafts.set(key, { text, key: "" })} />
      <button type="submit" class="govuk-button" aria-busy={ctrl.acts.of(key).isBusy}>
        {_("Send")}
      </button>
    </form>
  );
}
