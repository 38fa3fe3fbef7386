// Letters that the keyboard may lack, put in at the caret by a press: first the rare ones, on demand the whole alphabet.
import type { RefObject, VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { _, language as pageLanguage } from "../../common/i18n";
import type { Language } from "../../common/wire";

const RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя";
const ALPHABETS: Readonly<Record<Language, readonly [rare: string, all: string]>> = {
  ky: ["ңөү", "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"],
  ru: ["ёъ", RUSSIAN],
  en: ["", "abcdefghijklmnopqrstuvwxyz"],
};

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Written at the caret of the field as if typed: whoever listens to its input hears it. */
export function insertAt(field: Field, letter: string): void {
  const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
  const isFull = field.maxLength >= 0 && field.value.length - (to - from) + letter.length > field.maxLength;
  if (field.readOnly || isFull) return;
  field.setRangeText(letter, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** One stop of the Tab key; the arrows move among the letters. */
export function Letters({ field, language }: { field: RefObject<Field | null>; language: Language }): VNode {
  const [isWhole, setIsWhole] = useState(false);
  const [isUpper, setIsUpper] = useState(false);
  const [at, setAt] = useState(0);
  const bar = useRef<HTMLDivElement>(null);
  const [rare, all] = ALPHABETS[language];
  const letters = [...(isWhole ? all : rare)].map((letter) => (isUpper ? letter.toUpperCase() : letter));
  const move = (event: KeyboardEvent) => {
    const buttons = [...(bar.current?.querySelectorAll<HTMLButtonElement>("button") ?? [])];
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    buttons[(at + by + buttons.length) % buttons.length]?.focus();
  };
  const put = (letter: string, event: MouseEvent) => {
    if (field.current) insertAt(field.current, letter);
    if (event.detail > 0) field.current?.focus(); // by keyboard one may want the next letter
  };
  const key = (n: number) => ({ type: "button" as const, class: "letters__key", tabIndex: n === at ? 0 : -1, onFocus: () => setAt(n) });
  return (
    <div class="letters" role="toolbar" aria-label={_("Letters")} ref={bar} onKeyDown={move}>
      {letters.map((letter, n) => (
        <button key={letter} {...key(n)} lang={language} onClick={(event) => put(letter, event)}>
          {letter}
        </button>
      ))}
      <button {...key(letters.length)} lang={pageLanguage()} aria-label={_("Capital letters")} aria-pressed={isUpper} onClick={() => setIsUpper(!isUpper)}>
        ⇧
      </button>
      <button {...key(letters.length + 1)} lang={pageLanguage()} aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
        {isWhole ? _("Fewer letters") : _("All letters")}
      </button>
    </div>
  );
}
