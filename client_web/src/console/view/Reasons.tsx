// A reason in one press, or in words of one's own. What is pressed or written goes into the journal.
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { _ } from "../../common/i18n";
import { REASON_MAX, reasonFaults } from "../ctrl/forms";
import type { Faults } from "../types";
import { TextBox } from "./fields";

interface Props {
  readonly id: string;
  readonly title: string;
  /** Common reasons; pressing one does the act at once. */
  readonly common: readonly string[];
  readonly send: string;
  readonly reason: string;
  readonly isBusy: boolean;
  readonly onReason: (text: string) => void;
  readonly onSend: (reason: string) => void;
  /** What else stands beside the button. */
  readonly children?: ComponentChildren;
}

export function Reasons({ id, title, common, send, reason, isBusy, onReason, onSend, children }: Props): VNode {
  const [faults, setFaults] = useState<Faults>({});
  const submit = (event: Event) => {
    event.preventDefault();
    const found = reasonFaults(reason);
    setFaults(found);
    if (found["reason"]) document.getElementById(`${id}-reason`)?.focus();
    else onSend(reason.trim());
  };
  return (
    <form class="reasons" onSubmit={submit} noValidate aria-busy={isBusy}>
      <fieldset class="reasons__common">
        <legend class="field__label">{title}</legend>
        <div class="reasons__row">
          {common.map((text) => (
            <button key={text} type="button" class="chip" onClick={() => onSend(text)}>
              {text}
            </button>
          ))}
        </div>
      </fieldset>
      <TextBox id={`${id}-reason`} label={_("Another reason")} rows={2} max={REASON_MAX} value={reason} fault={faults["reason"]} onInput={onReason} />
      <div class="acts__row">
        <button type="submit" class="govuk-button" aria-busy={isBusy}>
          {isBusy ? _("One moment…") : send}
        </button>
        {children}
      </div>
    </form>
  );
}

export const pauseReasons = (): string[] => [_("Power failure"), _("Network failure"), _("Computer fault"), _("Health of a candidate"), _("Alarm in the building")];
export const resumeReasons = (): string[] => [_("Power is back"), _("Network is back"), _("Fault repaired"), _("The candidate is well"), _("All clear")];
export const moveReasons = (): string[] => [_("Computer fault"), _("Browser was closed"), _("Code does not work"), _("Wrong seat was taken")];
export const elsewhereReasons = (): string[] => [_("Computer fault"), _("Browser was closed"), _("Wrong seat was taken")];
export const playReasons = (): string[] => [_("Power failure"), _("Network failure"), _("Computer fault"), _("The sound was not working")];
export const letGoReasons = (): string[] => [_("The candidate has left"), _("The candidate had finished"), _("No time was lost")];
