// A remark of the observer: written here, recorded, and read by the centre and the office.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import type { WatchView } from "../../common/wire";
import { hourText } from "../../console/ctrl/time";
import type { Watch } from "../ctrl";

const REMARK_MAX = 1000;

export function Remarks({ ctrl, view }: { ctrl: Watch; view: WatchView }): VNode {
  const send = (event: Event) => {
    event.preventDefault();
    void ctrl.remark();
  };
  const trouble = ctrl.trouble.value;
  return (
    <section class="panel" aria-labelledby="remarks-title">
      <h2 class="observer__title" id="remarks-title">
        {_("Your remarks")}
      </h2>
      <form onSubmit={send} aria-busy={ctrl.isSending.value}>
        <label class="field__label" for="remark">
          {_("What did you notice?")}
        </label>
        <p class="quiet-text" id="remark-hint">
          {_("It stands in the report of the room, under your name.")}
        </p>
        {trouble && (
          <p class="observer__trouble" role="alert">
            {trouble.message}
          </p>
        )}
        <textarea
          class="govuk-textarea"
          id="remark"
          rows={3}
          maxLength={REMARK_MAX}
          aria-describedby="remark-hint"
          value={ctrl.draft.value}
          onInput={(event) => (ctrl.draft.value = event.currentTarget.value)}
        />
        <button type="submit" class="govuk-button" aria-disabled={ctrl.draft.value.trim() === ""}>
          {_("Record the remark")}
        </button>
      </form>
      <ul class="observer__events">
        {view.remarks.map((each) => (
          <li key={`${each.at}/${each.text}`}>
            <time dateTime={each.at}>{hourText(each.at, true)}</time> {each.text}
          </li>
        ))}
      </ul>
    </section>
  );
}
