// The answers kept ready: one press sends one, and each candidate reads it in the language of the test.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import type { Snapshot } from "../../common/wire";

export function Answers({ snapshot, onSend }: { snapshot: Snapshot; onSend: (code: string) => void }): VNode | null {
  if (snapshot.answers.length === 0) return null;
  return (
    <fieldset class="reasons__common">
      <legend class="field__label">{_("Answer at once; it is read in the language of the test")}</legend>
      <div class="reasons__row">
        {snapshot.answers.map((each) => (
          <button key={each.code} type="button" class="chip" data-answer={each.code} onClick={() => onSend(each.code)}>
            {each.title}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
