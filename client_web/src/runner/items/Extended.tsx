// A written task: a roomy text field with its number of words. What is typed is saved as it grows, and given at the end.
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { _ } from "../../common/i18n";
import type { WordsView } from "../../common/wire";
import { later } from "../later";
import { offered } from "../tools/aids";
import type { Safety } from "../working/ctrl";
import type { ItemProps } from "./props";

const Letters = later(() => import("../tools/Letters").then((chunk) => chunk.Letters), true);

const LONGEST = 20_000;
const ROWS = 10;

export function Extended({ item, name, draft, isLocked, onEdit, area }: ItemProps): VNode {
  const text = draft?.kind === "extended" ? draft.extended : "";
  const field = useRef<HTMLTextAreaElement>(null);
  const id = `extended-${name}`;
  const write = (box: HTMLTextAreaElement) => {
    onEdit({ kind: "extended", extended: box.value });
    if (area && box.value !== area.text.value) box.value = area.text.value; // there was no room for it
  };
  return (
    <div class="govuk-form-group extended" onFocusOut={() => area?.hurry()}>
      <label class="govuk-label govuk-label--s" for={id}>
        {_("Your text")}
      </label>
      {item.words && (
        <p class="govuk-hint" id={`${id}-hint`}>
          {expectedOf(item.words)}
        </p>
      )}
      <textarea
        ref={field}
        id={id}
        class="govuk-textarea extended__text"
        lang={item.language}
        rows={ROWS}
        maxLength={LONGEST}
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        readOnly={isLocked}
        aria-describedby={`${item.words ? `${id}-hint ` : ""}${id}-count`}
        value={text}
        onInput={(event) => write(event.currentTarget)}
      />
      {!isLocked && offered.value.includes("letters") && <Letters field={field} language={item.language} />}
      <p class="extended__foot">
        <span id={`${id}-count`}>{_("Words: %(n)s", { n: countWords(text) })}</span>
        {area && <SafetyOf safety={area.safety.value} />}
      </p>
    </div>
  );
}

/** Words as a marker counts them: signs that stand alone are none. */
export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'\u2019-]*/gu)?.length ?? 0;
}

/** Advice, never enforced. */
function expectedOf({ least, most }: WordsView): string {
  if (least !== null && most !== null) return _("About %(least)s to %(most)s words are expected", { least, most });
  if (least !== null) return _("At least %(least)s words are expected", { least });
  return _("At most %(most)s words are expected", { most: most ?? 0 });
}

function SafetyOf({ safety }: { safety: Safety }): VNode | null {
  if (safety === "empty") return null;
  const said: Record<Exclude<Safety, "empty">, string> = {
    saving: _("Saving…"),
    saved: _("Your text is saved"),
    waiting: _("Kept on this computer; sent as soon as the network is back"),
    full: _("There is no more room: the last change was not taken."),
  };
  const isTold = safety === "full" || safety === "waiting";
  return (
    <span class={isTold ? "extended__safety extended__safety--told" : "extended__safety"} role={isTold ? "alert" : undefined}>
      {said[safety]}
    </span>
  );
}
