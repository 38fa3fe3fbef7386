// The calculator, where an edition allows one: its keys by mouse, touch or the keyboard's own digits.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { _, language } from "../../common/i18n";
import { CLEAR, press, type Key, type Reckoning } from "./reckon";

const KEYS: readonly Key[] = ["C", "±", "⌫", "÷", "7", "8", "9", "×", "4", "5", "6", "−", "1", "2", "3", "+", "0", ",", "="];
const TYPED: Readonly<Record<string, Key>> = { "*": "×", "/": "÷", ":": "÷", "-": "−", "+": "+", Enter: "=", "=": "=", ".": ",", ",": ",", Backspace: "⌫", Delete: "C" };

export function Calculator(): VNode {
  const [now, setNow] = useState(CLEAR);
  const take = (event: KeyboardEvent) => {
    const onKey = (event.target as HTMLElement).tagName === "BUTTON" && (event.key === "Enter" || event.key === " ");
    const key = /^\d$/.test(event.key) ? (event.key as Key) : TYPED[event.key];
    if (onKey || !key || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    setNow((was) => press(was, key));
  };
  return (
    <div class="calculator" role="group" aria-label={_("Calculator")} onKeyDown={take}>
      <output class="calculator__shown" aria-live="polite">
        {shown(now)}
      </output>
      {KEYS.map((key) => (
        <button key={key} type="button" class="calculator__key" aria-label={spoken(key)} onClick={() => setNow(press(now, key))}>
          {key === "," ? mark() : key}
        </button>
      ))}
    </div>
  );
}

function shown(now: Reckoning): string {
  if (now.fault === "zero") return _("One cannot divide by zero. Press C.");
  if (now.fault === "long") return _("The number is too long. Press C.");
  const entry = now.entry.replace("-", "−").replace(".", mark());
  return now.operation ? `${String(now.held).replace("-", "−").replace(".", mark())} ${now.operation}${now.isDone ? "" : ` ${entry}`}` : entry;
}

const mark = () => (language() === "en" ? "." : ",");

function spoken(key: Key): string | undefined {
  const words: Partial<Record<Key, string>> = {
    "C": _("Clear"), "±": _("Change the sign"), "⌫": _("Take the last digit away"), "÷": _("divided by"), "×": _("times"),
    "−": _("minus"), "+": _("plus"), ",": _("decimal mark"), "=": _("equals"),
  };
  return words[key];
}
