// The drawing: squared paper for pen, mouse, finger and keyboard. What a stroke does to the drawing is in drawing.ts.
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { announce } from "../../common/dom";
import { _ } from "../../common/i18n";
import type { WorkingArea } from "./ctrl";
import { HEIGHT, SQUARE, WIDTH, add, clear, eraseAt, joined, onSheet, pathOf, redo, undo, type Drawing, type Point } from "./drawing";

export type Tool = "pen" | "line" | "eraser";

const FINE = 5;
const ARROWS: Readonly<Record<string, Point>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

interface SheetProps {
  readonly area: WorkingArea;
  readonly isStill: boolean;
}

export function Sheet({ area, isStill }: SheetProps): VNode {
  const [tool, setTool] = useState<Tool>("pen");
  const { strokes, past, future } = area.drawing.value;
  const change = (next: (drawing: Drawing) => Drawing) => {
    if (!isStill) area.draw(next(area.drawing.value));
  };
  const tools: readonly (readonly [Tool, string])[] = [["pen", _("Pen")], ["line", _("Straight line")], ["eraser", _("Eraser")]];
  const acts: readonly (readonly [string, string, boolean, (drawing: Drawing) => Drawing])[] = [
    [_("Undo"), "M8 4L3 9l5 5M3 9h9a5 5 0 0 1 0 10h-3", past.length > 0, undo],
    [_("Redo"), "M14 4l5 5-5 5M19 9h-9a5 5 0 0 0 0 10h3", future.length > 0, redo],
    [_("Clear"), "M4 6h14M8 6V3h6v3M6 6l1 13h8l1-13", strokes.length > 0, clear],
  ];
  return (
    <div class="working__drawing">
      <h3 class="working__label" id="sheet-title">
        {_("Drawing")}
      </h3>
      <div class="sheet-tools" role="group" aria-label={_("Drawing tools")}>
        {tools.map(([name, label]) => (
          <button key={name} type="button" class="sheet-tools__tool" aria-pressed={tool === name} onClick={() => setTool(name)}>
            {label}
          </button>
        ))}
        {acts.map(([label, sign, isPossible, act]) => (
          <button
            key={label}
            type="button"
            class="sheet-tools__tool"
            aria-label={label}
            title={label}
            aria-disabled={!isPossible || isStill}
            onClick={() => change(act)}
          >
            <svg viewBox="0 0 22 22" aria-hidden="true">
              <path d={sign} />
            </svg>
          </button>
        ))}
      </div>
      <Paper area={area} tool={tool} isStill={isStill} change={change} />
      <p class="working__hint" id="sheet-keys">
        {_("With the keyboard: the arrows move the cross (with Shift by less), Space begins and ends a line, Delete rubs out, Ctrl+Z undoes.")}{" "}
        {_("If you cannot draw, describe the drawing in words in the box above.")}
      </p>
    </div>
  );
}

interface PaperProps extends SheetProps {
  readonly tool: Tool;
  readonly change: (next: (drawing: Drawing) => Drawing) => void;
}

function Paper({ area, tool, isStill, change }: PaperProps): VNode {
  const [line, setLine] = useState<readonly Point[]>([]);
  const keys = useKeys(area, tool, isStill, change);
  const pointer = usePointer(area, tool, isStill, { setLine, change });
  const { strokes } = area.drawing.value;
  const { cross, from } = keys;
  return (
    <svg
      class={isStill ? "sheet sheet--still" : "sheet"}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      tabIndex={0}
      role="application"
      aria-labelledby="sheet-title"
      aria-describedby="sheet-keys"
      onKeyDown={keys.press}
      onBlur={keys.hide}
      {...pointer}
    >
      <Squares />
      <g class="sheet__strokes">
        {strokes.map((stroke, n) => (
          <path key={n} d={pathOf(stroke)} />
        ))}
        {line.length > 0 && <path class="sheet__line" d={pathOf(line.length === 1 ? [...line, ...line].flat() : line.flat())} />}
        {cross && from && <path class="sheet__line" d={pathOf([...from, ...cross])} />}
      </g>
      {cross && <path class="sheet__cross" d={`M${cross[0] - 16} ${cross[1]}h32M${cross[0]} ${cross[1] - 16}v32`} />}
    </svg>
  );
}

/** The cross that the keyboard moves, and the point from which it draws a line. */
function useKeys(area: WorkingArea, tool: Tool, isStill: boolean, change: PaperProps["change"]) {
  const [cross, setCross] = useState<Point | null>(null);
  const [from, setFrom] = useState<Point | null>(null);
  const at: Point = cross ?? [WIDTH / 2, HEIGHT / 2];
  const erase = () => {
    const before = area.drawing.value;
    change((drawing) => eraseAt(drawing, at));
    announce(before === area.drawing.value ? _("There is no line here.") : _("Rubbed out."));
  };
  const mark = () => {
    if (tool === "eraser") return erase();
    if (!from) announce(_("The line begins here."));
    else change((drawing) => add(drawing, [from, at]));
    if (from) announce(_("The line is drawn."));
    setFrom(from ? null : at);
  };
  const press = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === "Tab" || isStill || event.altKey) return;
    if (isCommand && event.code === "KeyZ") change(event.shiftKey ? redo : undo);
    else if (isCommand && event.code === "KeyY") change(redo);
    else if (arrow && !isCommand) {
      const by = event.shiftKey ? FINE : SQUARE;
      const to = onSheet(at[0] + arrow[0] * by, at[1] + arrow[1] * by);
      setCross(to);
      announce(_("%(x)s to the right, %(y)s down", { x: to[0] / SQUARE, y: to[1] / SQUARE }));
    } else if (event.key === " " || event.key === "Enter") {
      setCross(at);
      if (!event.repeat) mark();
    } else if (event.key === "Delete" || event.key === "Backspace") erase();
    else if (event.key === "Escape") setFrom(null);
    else return;
    event.preventDefault();
  };
  const hide = () => {
    setCross(null);
    setFrom(null);
  };
  return { cross, from, press, hide };
}

interface Hand {
  readonly setLine: (line: readonly Point[]) => void;
  readonly change: PaperProps["change"];
}

/** What a pen, a mouse or one finger does; a second finger is left to the browser. */
function usePointer(area: WorkingArea, tool: Tool, isStill: boolean, { setLine, change }: Hand) {
  const held = useRef<{ readonly id: number; readonly before: Drawing; readonly last: Point } | null>(null);
  const points = useRef<readonly Point[]>([]);
  /** A busy computer tells of several movements at once: all of them count, and where the pen is lifted. */
  const pointsOf = (event: PointerEvent): readonly Point[] => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const passed = event.type === "pointermove" ? (event.getCoalescedEvents?.() ?? []) : [];
    return [...passed, event].map(({ clientX, clientY }) =>
      onSheet(((clientX - box.left) / box.width) * WIDTH, ((clientY - box.top) / box.height) * HEIGHT),
    );
  };
  const extend = (at: Point) => {
    const now = held.current;
    if (!now || (points.current.length && `${at}` === `${now.last}`)) return;
    held.current = { ...now, last: at };
    if (tool === "eraser") return change((drawing) => joined(now.before, eraseAt(drawing, at, now.last)));
    const [first] = points.current;
    points.current = tool === "line" && first ? [first, at] : [...points.current, at];
  };
  const follow = (event: PointerEvent) => {
    pointsOf(event).forEach(extend);
    setLine(points.current);
  };
  const down = (event: PointerEvent) => {
    if (isStill || held.current || event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const [at] = pointsOf(event);
    if (!at) return;
    held.current = { id: event.pointerId, before: area.drawing.value, last: at };
    follow(event);
  };
  const move = (event: PointerEvent) => {
    if (held.current?.id === event.pointerId) follow(event);
  };
  const end = (event: PointerEvent) => {
    if (held.current?.id !== event.pointerId) return;
    if (event.type === "pointerup") follow(event);
    const drawn = points.current;
    held.current = null;
    points.current = [];
    setLine([]);
    if (drawn.length) change((drawing) => add(drawing, drawn));
  };
  return { onPointerDown: down, onPointerMove: move, onPointerUp: end, onPointerCancel: end };
}

function Squares(): VNode {
  const across = Array.from({ length: WIDTH / SQUARE - 1 }, (_none, n) => `M${(n + 1) * SQUARE} 0V${HEIGHT}`);
  const along = Array.from({ length: HEIGHT / SQUARE - 1 }, (_none, n) => `M0 ${(n + 1) * SQUARE}H${WIDTH}`);
  return <path class="sheet__squares" d={[...across, ...along].join("")} />;
}
