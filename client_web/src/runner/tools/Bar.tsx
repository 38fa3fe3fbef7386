// The tools: one button that opens them, and beside it those switched on. They are what the sitting offers (DC-15).
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
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
  const on = switches().filter(({ isPressed }) => isPressed);
  return (
    <>
      <Menu isAny={sizeActs().length + colourActs().length + switches().length > 0} count={on.length}>
        <Group title={_("Text size")} acts={sizeActs()} />
        <Group title={_("Colours")} acts={colourActs()} />
        <Group title={_("While reading and answering")} acts={switches()} />
        {isOn("highlighter") && <p class="tools__help">{_("Mark: drag over the words. Again takes the mark away. By keyboard: Tab to the text, arrows to a word, Shift with arrows for more, Space marks.")}</p>}
      </Menu>
      {on.length > 0 && (
        <div class="tools__on" role="group" aria-label={_("Tools switched on")}>
          {on.map((one) => (
            <ToolButton key={one.id} {...one} />
          ))}
        </div>
      )}
      {isOn("calculator") && <Calculator />}
      {canHighlight && offered.value.includes("highlighter") && step && <Highlighter step={step} isActive={isOn("highlighter")} />}
    </>
  );
}

interface MenuProps {
  readonly isAny: boolean;
  /** How many tools are switched on. */
  readonly count: number;
  readonly children: ComponentChildren;
}

/** Opened and closed by its button; Escape, a press elsewhere or leaving it by Tab closes it too. */
function Menu({ isAny, count, children }: MenuProps): VNode | null {
  const [isOpen, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return undefined;
    const leave = ({ target }: Event) => menu.current?.contains(target as Node) || setOpen(false);
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
    };
  }, [isOpen]);
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.preventDefault();
    event.stopPropagation();
    setOpen(false);
    opener.current?.focus();
  };
  if (!isAny) return null;
  return (
    <div class="tools__menu" ref={menu} onKeyDown={press}>
      <button type="button" class="tools__open" aria-expanded={isOpen} aria-controls={id} ref={opener} onClick={() => setOpen(!isOpen)}>
        {_("Tools")}
        {count > 0 && <span class="tools__count"> · {count}</span>} <span aria-hidden="true">{isOpen ? "▴" : "▾"}</span>
      </button>
      <div class="tools__panel" id={id} role="group" aria-label={_("Tools")} hidden={!isOpen}>
        {children}
      </div>
    </div>
  );
}

function Group({ title, acts }: { title: string; acts: readonly Act[] }): VNode | null {
  const id = useId();
  if (!acts.length) return null;
  return (
    <div class="tools__group" role="group" aria-labelledby={id}>
      <p class="tools__title" id={id}>
        {title}
      </p>
      {acts.map((one) => (
        <ToolButton key={one.id} {...one} />
      ))}
    </div>
  );
}

function ToolButton({ label, content, isPressed, isIdle, act }: Act): VNode {
  return (
    <button type="button" class="tools__tool" aria-pressed={isPressed} aria-disabled={isIdle} onClick={() => !isIdle && act()}>
      {label !== content && <span class="govuk-visually-hidden">{label}</span>}
      <span aria-hidden={label !== content}>{content}</span>
    </button>
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
  const names: Readonly<Record<Colours, string>> = { usual: _("usual"), contrast: _("high contrast"), dark: _("dark") };
  return COLOURS.map((colours) => ({
    id: colours,
    label: names[colours],
    content: names[colours],
    isPressed: look.value.colours === colours,
    act: () => changeLook({ colours }),
  }));
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
