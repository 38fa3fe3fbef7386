// The catalogue of forbidden acts as the edition has it: what was done, how grave it is and what follows, with the clause.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import type { ChoiceView, Snapshot } from "../../common/wire";
import { Clause } from "./Clause";
import { Select } from "./fields";

interface Props {
  readonly id: string;
  readonly act: "warn" | "remove";
  readonly snapshot: Snapshot;
  readonly value: string;
  readonly hint?: string;
  readonly fault: string | undefined;
  readonly onInput: (violation: string) => void;
}

export function Violation({ id, act, snapshot, value, hint, fault, onInput }: Props): VNode {
  const chosen = snapshot.violations.find((each) => each.code === value);
  const options = (consequence: string) =>
    snapshot.violations
      .filter((each) => each.consequence === consequence)
      .map((each) => (
        <option key={each.code} value={each.code}>
          {each.title}
        </option>
      ));
  return (
    <>
      <Select id={id} label={_("What was done")} {...(hint ? { hint } : {})} value={value} fault={fault} onInput={onInput}>
        <option value="">{_("Choose…")}</option>
        {act === "remove" && <optgroup label={_("Ends in removal")}>{options("removal")}</optgroup>}
        <optgroup label={act === "remove" ? _("Only after a warning") : _("A warning")}>{options("warning")}</optgroup>
        <optgroup label={act === "remove" ? _("Only after a warning and a pause") : _("A warning and a pause")}>{options("pause")}</optgroup>
      </Select>
      {chosen && (
        <p class="warning" aria-live="polite">
          <b>{severityWord(chosen)}</b> · {consequenceWord(chosen)} <Clause snapshot={snapshot} act={act} />
        </p>
      )}
    </>
  );
}

function severityWord({ hint }: ChoiceView): string {
  const words: Readonly<Record<string, string>> = { minor: _("minor"), serious: _("serious"), grave: _("grave") };
  return words[hint] ?? hint;
}

function consequenceWord({ consequence }: ChoiceView): string {
  if (consequence === "removal") return _("removal from the test");
  return consequence === "pause" ? _("warning, and the test is paused") : _("warning");
}
