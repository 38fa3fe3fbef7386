// A candidate's new one-time code, shown once and large, to be handed over.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import { Dialog } from "../../common/shell";
import type { Console } from "../ctrl/console";

export function CodeDialog({ ctrl }: { ctrl: Console }): VNode | null {
  const code = ctrl.code.value;
  if (!code) return null;
  return (
    <Dialog title={_("Hand this code to the candidate")}>
      <p class="code__hint">{_("The candidate signs in with it at seat %(seat)s. The computer used before is shut out.", { seat: code.seat })}</p>
      <dl class="code">
        <dt>{_("Registration number")}</dt>
        <dd class="code__number">{code.registration_no}</dd>
        <dt>{_("New code")}</dt>
        <dd class="code__code">{code.code}</dd>
      </dl>
      <p class="code__hint">{_("The code is shown this once. If it is lost, make another one.")}</p>
      <div class="dialog__actions">
        <button type="button" class="govuk-button" onClick={() => (ctrl.code.value = null)}>
          {_("I have handed it over")}
        </button>
      </div>
    </Dialog>
  );
}
