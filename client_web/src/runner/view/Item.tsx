// One item and its answer: option cards lettered A to D, or a line of text. Used for the test and for practice alike.
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { isTyping } from "../../common/dom";
import { _ } from "../../common/i18n";
import { RichText } from "../../common/rich";
import type { ItemView } from "../../common/wire";
import { isNumber, type Draft } from "../types";

const LETTERS = "ABCDEFGH";
const SPECIAL_LETTERS = ["ң", "ө", "ү"];

export interface ItemProps {
  readonly item: ItemView;
  /** Another name is another item. */
  readonly name: string;
  readonly draft: Draft;
  readonly isLocked: boolean;
  readonly onEdit: (draft: Partial<Draft>) => void;
  readonly onNext: () => void;
  readonly nextLabel: string;
}

export function ItemForm(props: ItemProps): VNode {
  const { item, name, draft, isLocked, onNext } = props;
  const [judgedBad, setJudgedBad] = useState<string | null>(null);
  const isBadNumber = judgedBad !== null && judgedBad === draft.text;
  const next = () => {
    const isBad = item.type === "text_entry" && item.is_numeric && draft.text.trim() !== "" && !isNumber(draft.text);
    setJudgedBad(isBad ? draft.text : null);
    if (!isBad && !isLocked) onNext();
  };
  const form = useShortcuts(props, next);
  return (
    <form
      class="item"
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
    >
      <div class="item__stem" lang={item.language} id={`stem-${name}`}>
        <RichText content={item.stem} />
      </div>
      {item.type === "choice" ? <Options {...props} /> : <Entry {...props} isBadNumber={isBadNumber} />}
      <p class="item__keys">
        {item.type === "choice"
          ? _("Choose an answer: keys A–D, 1–4 or the arrows. Next question: Enter")
          : _("Next question: Enter")}
      </p>
      <button type="submit" class="govuk-button item__next" aria-disabled={isLocked}>
        {props.nextLabel}
      </button>
    </form>
  );
}

function Options({ item, name, draft, isLocked, onEdit }: ItemProps): VNode {
  return (
    <fieldset class="options" aria-describedby={`stem-${name}`}>
      <legend class="govuk-visually-hidden">{_("Answers")}</legend>
      {item.options.map((option, index) => {
        const isChosen = draft.choice === option.id;
        return (
          <label key={`${name}-${option.id}`} class={isChosen ? "option option--chosen" : "option"}>
            <input
              type="radio"
              class="option__input"
              name={`answer-${name}`}
              value={option.id}
              checked={isChosen}
              disabled={isLocked}
              onChange={() => onEdit({ choice: option.id })}
            />
            <span class="option__mark" aria-hidden="true" />
            <span class="option__letter">{LETTERS[index]}</span>
            <span class="option__content" lang={item.language}>
              <RichText content={option.content} spoken={option.spoken} />
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

function Entry({ item, name, draft, isLocked, onEdit, isBadNumber }: ItemProps & { isBadNumber: boolean }): VNode {
  const input = useRef<HTMLInputElement>(null);
  const id = `entry-${name}`;
  const insert = (letter: string) => {
    const field = input.current;
    if (!field) return;
    const from = field.selectionStart ?? draft.text.length;
    const to = field.selectionEnd ?? from;
    onEdit({ text: draft.text.slice(0, from) + letter + draft.text.slice(to) });
    field.focus();
    requestAnimationFrame(() => field.setSelectionRange(from + 1, from + 1));
  };
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
        value={draft.text}
        onInput={(event) => onEdit({ text: event.currentTarget.value })}
      />
      {item.language === "ky" && !item.is_numeric && !isLocked && <SpecialLetters onInsert={insert} />}
    </div>
  );
}

function SpecialLetters({ onInsert }: { onInsert: (letter: string) => void }): VNode {
  return (
    <div class="letters" role="group" aria-label={_("Kyrgyz letters")}>
      {SPECIAL_LETTERS.map((letter) => (
        <button key={letter} type="button" class="letters__key" lang="ky" onClick={() => onInsert(letter)}>
          {letter}
        </button>
      ))}
    </div>
  );
}

/** The place of the option that a key stands for; keys are known by position, whatever the keyboard's language. */
export function optionOfKey(event: Pick<KeyboardEvent, "code" | "altKey" | "ctrlKey" | "metaKey">): number | null {
  if (event.altKey || event.ctrlKey || event.metaKey) return null;
  const letter = /^Key([A-H])$/.exec(event.code)?.[1];
  if (letter) return LETTERS.indexOf(letter);
  const digit = /^(?:Digit|Numpad)([1-8])$/.exec(event.code)?.[1];
  return digit ? Number(digit) - 1 : null;
}

/** A key that writes something; a space is left to the button it may press. */
function isPlain(event: KeyboardEvent): boolean {
  return event.key.length === 1 && event.key !== " " && !event.altKey && !event.ctrlKey && !event.metaKey;
}

/** Where an arrow leads from `at` among `count`, round the ends; -1 is nowhere yet. */
function optionOfArrow(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return at <= 0 ? count - 1 : at - 1;
  return null;
}

function useShortcuts(props: ItemProps, next: () => void) {
  const form = useRef<HTMLFormElement>(null);
  const latest = useRef({ props, next });
  latest.current = { props, next };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector("dialog[open]") || isTyping(event.target)) return;
      const { props: now, next: go } = latest.current;
      const inputs = [...(form.current?.querySelectorAll<HTMLInputElement>(".option__input") ?? [])];
      const at = inputs.findIndex((input) => input.checked);
      const isInGroup = inputs.includes(event.target as HTMLInputElement);
      const isOnButton = event.target instanceof Element && event.target.closest("button, a, summary") !== null;
      // Inside the group the arrows are the browser's own.
      const arrow = isInGroup ? null : optionOfArrow(event.key, at, inputs.length);
      const chosen = inputs[optionOfKey(event) ?? arrow ?? -1];
      if (chosen && !now.isLocked) {
        event.preventDefault();
        chosen.focus();
        now.onEdit({ choice: chosen.value });
      } else if (isPlain(event) && now.item.type === "text_entry") {
        form.current?.querySelector<HTMLInputElement>(".entry")?.focus(); // and the letter goes into the field
      } else if (event.key === "Enter" && !isOnButton) {
        event.preventDefault();
        if (!event.repeat) go();
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return form;
}
