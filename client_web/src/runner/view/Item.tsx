// One item and its answer, of whatever type. Used for the test and for practice alike.
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { isTyping } from "../../common/dom";
import { _ } from "../../common/i18n";
import { RichText } from "../../common/rich";
import type { ItemType } from "../../common/wire";
import { Entry } from "../items/Entry";
import { Options, chosenWith } from "../items/Options";
import { LETTERS, type ItemProps } from "../items/props";
import { later } from "../later";
import { crossOut, isOn } from "../tools/aids";
import { isNumber, textOf } from "../types";

const Others = later(() => import("../items/Others").then((chunk) => chunk.Others));

/** These draw their stem themselves: the answer is given within it. */
const IN_STEM: ReadonlySet<ItemType> = new Set<ItemType>(["inline_choice", "gap_match"]);

const TYPED: ReadonlySet<ItemType> = new Set<ItemType>(["text_entry", "extended_text"]);

export function ItemForm(props: ItemProps): VNode {
  const { item, name, draft, isLocked, onNext } = props;
  const [judgedBad, setJudgedBad] = useState<string | null>(null);
  const isBadNumber = judgedBad !== null && judgedBad === textOf(draft);
  const next = () => {
    const isBad = item.type === "text_entry" && item.is_numeric && textOf(draft).trim() !== "" && !isNumber(textOf(draft));
    setJudgedBad(isBad ? textOf(draft) : null);
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
      <div class="item__stem" lang={item.language} id={`stem-${name}`} tabIndex={isOn("highlighter") ? 0 : undefined}>
        {IN_STEM.has(item.type) ? <Body key={name} {...props} isBadNumber={false} /> : <RichText content={item.stem} />}
      </div>
      {!IN_STEM.has(item.type) && <Body key={name} {...props} isBadNumber={isBadNumber} />}
      <p class="item__keys">{keysOf(item.type)}</p>
      <button type="submit" class="govuk-button item__next" aria-disabled={isLocked}>
        {props.nextLabel}
      </button>
    </form>
  );
}

function Body(props: ItemProps & { isBadNumber: boolean }): VNode {
  switch (props.item.type) {
    case "choice":
    case "multiple_choice":
      return <Options {...props} />;
    case "text_entry":
      return <Entry {...props} />;
    default:
      return <Others {...props} />;
  }
}

/** What to press, and how by keyboard. */
function keysOf(type: ItemType): string {
  switch (type) {
    case "choice":
      return _("Choose an answer: keys A–D, 1–4 or the arrows. Next question: Enter");
    case "multiple_choice":
      return _("Choose or take back an answer: keys A–H or 1–8. Next question: Enter");
    case "matching":
      return _("By keyboard: Tab to a line, arrows to its letter. Next question: Enter");
    case "ordering":
      return _("Move a line by its arrows, or drag it. By keyboard: Tab to an arrow, then Space");
    case "inline_choice":
      return _("By keyboard: Tab to a gap, arrows to the right words");
    case "gap_match":
      return _("Press a word to put it into the marked gap; press a gap to empty it. By keyboard: Tab and Space");
    case "hotspot":
      return _("By keyboard: Tab to the figure, then the arrows or Tab from place to place; Space marks one");
    case "extended_text":
      return _("By keyboard: Tab leads out of the text, to the button");
    case "text_entry":
      return _("Next question: Enter");
  }
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
      const isMany = now.item.type === "multiple_choice";
      const arrow = isInGroup || isMany ? null : optionOfArrow(event.key, at, inputs.length);
      const chosen = inputs[optionOfKey(event) ?? arrow ?? -1];
      if (chosen && event.shiftKey && isOn("eliminator")) {
        event.preventDefault();
        if (!now.isLocked && !chosen.checked) crossOut(now.name, chosen.value);
      } else if (chosen && !now.isLocked) {
        event.preventDefault();
        chosen.focus();
        now.onEdit(chosenWith(isMany, now.draft, chosen.value));
      } else if (isPlain(event) && TYPED.has(now.item.type)) {
        form.current?.querySelector<HTMLElement>(".entry, .extended__text")?.focus(); // and the letter goes into the field
      } else if (event.key === "Enter" && !isOnButton && now.item.type !== "extended_text") {
        event.preventDefault();
        if (!event.repeat) go();
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return form;
}
