// The row of tools above the test: one stop of the Tab key, the arrows move within it. It has what the sitting offers.
import type { ComponentChildren, VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { announce } from "../../common/dom";
import { _ } from "../../common/i18n";
import type { Tool } from "../../common/wire";
import { COLOURS, SIZES, changeLook, isOn, look, offered, switchTool, type Colours } from "./aids";
import { later } from "../later";
import { Highlighter, canHighlight } from "./Highlighter";

const Calculator = later(() => import("./Calculator").then((chunk) => chunk.Calculator), true, () => offered.value.includes("calculator"));

export { Ruler } from "./Ruler";

interface Act {
  readonly id: string;
  readonly label: string;
  readonly content: ComponentChildren;
  readonly isPressed?: boolean;
  readonly isIdle?: boolean;
  readonly act: () => void;
}

/** `step` names the open step; it is empty where none is. */
export function ToolBar({ step }: { step: string }): VNode {
  const acts = [...sizeActs(), ...colourActs(), ...switches()];
  const [at, setAt] = useState(0);
  const bar = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    bar.current?.querySelectorAll<HTMLButtonElement>("button")[(at + by + acts.length) % acts.length]?.focus();
  };
  return (
    <>
      <div class="tools__bar" role="toolbar" aria-label={_("Tools")} ref={bar} onKeyDown={move}>
        {acts.map(({ id, label, content, isPressed, isIdle, act }, n) => (
          <button
            key={id}
            type="button"
            class="tools__tool"
            tabIndex={n === Math.min(at, acts.length - 1) ? 0 : -1}
            aria-pressed={isPressed}
            aria-disabled={isIdle}
            onFocus={() => setAt(n)}
            onClick={() => !isIdle && act()}
          >
            {label !== content && <span class="govuk-visually-hidden">{label}</span>}
            <span aria-hidden={label !== content}>{content}</span>
          </button>
        ))}
      </div>
      {isOn("highlighter") && <p class="tools__help">{_("Mark: drag over the words. Again takes the mark away. By keyboard: Tab to the text, arrows to a word, Shift with arrows for more, Space marks.")}</p>}
      {isOn("calculator") && <Calculator />}
      {canHighlight && offered.value.includes("highlighter") && step && <Highlighter step={step} isActive={isOn("highlighter")} />}
    </>
  );
}

function sizeActs(): readonly Act[] {
  if (!offered.value.includes("text_size")) return [];
  const at = SIZES.findIndex((size) => size === look.value.size);
  const to = (place: number) => () => {
    const size = SIZES[place] ?? 100;
    changeLook({ size });
    announce(_("Text size %(n)s %", { n: size }));
  };
  return [
    { id: "smaller", label: _("Smaller text, now %(n)s %", { n: look.value.size }), content: "A−", isIdle: at <= 0, act: to(at - 1) },
    { id: "larger", label: _("Larger text, now %(n)s %", { n: look.value.size }), content: <>A+ <small>{look.value.size} %</small></>, isIdle: at === SIZES.length - 1, act: to(at + 1) },
  ];
}

function colourActs(): readonly Act[] {
  if (!offered.value.includes("colours")) return [];
  const names: Readonly<Record<Colours, string>> = { usual: _("Colours: usual"), contrast: _("Colours: high contrast"), dark: _("Colours: dark") };
  const { colours } = look.value;
  const next = () => {
    const to = COLOURS[(COLOURS.indexOf(colours) + 1) % COLOURS.length] ?? "usual";
    changeLook({ colours: to });
    announce(names[to]);
  };
  return [{ id: "colours", label: _("%(colours)s. Change", { colours: names[colours] }), content: names[colours], act: next }];
}

function switches(): readonly Act[] {
  const said: readonly (readonly [Tool, string])[] = [
    ["highlighter", _("Highlighter")],
    ["eliminator", _("Cross out answers")],
    ["line_reader", _("Line reader")],
    ["calculator", _("Calculator")],
  ];
  return said
    .filter(([tool]) => offered.value.includes(tool) && (tool !== "highlighter" || canHighlight))
    .map(([tool, content]) => ({ id: tool, label: content, content, isPressed: isOn(tool), act: () => switchTool(tool) }));
}
