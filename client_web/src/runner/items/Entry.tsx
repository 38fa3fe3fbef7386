// A line of text or a number.
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { _ } from "../../common/i18n";
import { later } from "../later";
import { offered } from "../tools/aids";
import { textOf } from "../types";
import type { ItemProps } from "./props";

const Letters = later(() => import("../tools/Letters").then((chunk) => chunk.Letters), true);

export function Entry({ item, name, draft, isLocked, onEdit, isBadNumber }: ItemProps & { isBadNumber: boolean }): VNode {
  const text = textOf(draft);
  const input = useRef<HTMLInputElement>(null);
  const id = `entry-${name}`;
  const write = (written: string) => onEdit({ kind: "text", text: written });
  return (
    <div class={isBadNumber ? "govuk-form-group govuk-form-group--error" : "govuk-form-group"}>
      <label class="govuk-label govuk-label--s" for={id}>
        {_("Your answer")}
      </label>
      {item.is_numeric && (
        <p class="govuk-hint" id={`${id}-hint`}>
          {_("A number; a comma or a point before the decimals, for example 3,5")}
        </p>
      )}
      {isBadNumber && (
        <p class="govuk-error-message" id={`${id}-error`} role="alert">
          {_("Write the answer as a number, in digits")}
        </p>
      )}
      <input
        ref={input}
        id={id}
        class={`govuk-input entry ${item.is_numeric ? "entry--number" : ""} ${isBadNumber ? "govuk-input--error" : ""}`}
        type="text"
        lang={item.language}
        maxLength={200}
        inputMode={item.is_numeric ? "decimal" : "text"}
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        readOnly={isLocked}
        aria-invalid={isBadNumber}
        aria-describedby={isBadNumber ? `${id}-hint ${id}-error` : `${id}-hint`}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
      />
      {!item.is_numeric && !isLocked && offered.value.includes("letters") && <Letters field={input} language={item.language} />}
    </div>
  );
}
