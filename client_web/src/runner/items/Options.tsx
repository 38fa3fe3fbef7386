// Option cards lettered A to H: one of them, or several.
import type { VNode } from "preact";
import { _ } from "../../common/i18n";
import { RichText } from "../../common/rich";
import { crossOut, crossedAt, isOn } from "../tools/aids";
import type { Draft } from "../types";
import { LETTERS, type ItemProps } from "./props";

export function Options({ item, name, draft, isLocked, onEdit }: ItemProps): VNode {
  const isMany = item.type === "multiple_choice";
  const chosen = chosenOf(draft);
  const crossed = isOn("eliminator") ? crossedAt(name) : [];
  return (
    <fieldset class="options" aria-describedby={`stem-${name}`}>
      <legend class={isMany ? "options__legend" : "govuk-visually-hidden"}>{isMany ? _("Choose all the right answers") : _("Answers")}</legend>
      {item.options.map((option, index) => {
        const isChosen = chosen.includes(option.id);
        const isCrossed = crossed.includes(option.id) && !isChosen;
        return (
          <div key={`${name}-${option.id}`} class="option-row">
            <label class={`option ${isChosen ? "option--chosen" : ""} ${isCrossed ? "option--crossed" : ""}`}>
              <input
                type={isMany ? "checkbox" : "radio"}
                class="option__input"
                name={`answer-${name}`}
                value={option.id}
                checked={isChosen}
                disabled={isLocked}
                onChange={() => onEdit(chosenWith(isMany, draft, option.id))}
              />
              <span class={isMany ? "option__mark option__mark--many" : "option__mark"} aria-hidden="true" />
              <span class="option__letter">{LETTERS[index]}</span>
              <span class="option__content" lang={item.language}>
                <RichText content={option.content} spoken={option.spoken} />
              </span>
              {isCrossed && <span class="govuk-visually-hidden">{_("(crossed out)")}</span>}
            </label>
            {isOn("eliminator") && (
              <button
                type="button"
                class="option__cross"
                aria-pressed={isCrossed}
                aria-label={_("Cross out answer %(letter)s", { letter: LETTERS[index] ?? "" })}
                aria-disabled={isLocked || isChosen}
                onClick={() => !isLocked && !isChosen && crossOut(name, option.id)}
              >
                ✕
              </button>
            )}
          </div>
        );
      })}
    </fieldset>
  );
}

/** The draft after the option was pressed: it alone, or added to the others, or taken from them. */
export function chosenWith(isMany: boolean, draft: Draft, id: string): Draft {
  if (!isMany) return { kind: "option", option: id };
  const chosen = chosenOf(draft);
  return { kind: "options", options: chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].sort() };
}

export function chosenOf(draft: Draft): readonly string[] {
  if (draft?.kind === "options") return draft.options;
  return draft?.kind === "option" ? [draft.option] : [];
}
