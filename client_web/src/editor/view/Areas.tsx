// The picture of a hotspot and the places on it: drawn with the mouse, or by the arrows and as numbers.
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { _ } from "../../common/i18n";
import type { AreaView, ItemSource, ItemView } from "../../common/wire";
import { everyText, put, textOf, withText } from "../change";
import { useEditor } from "./context";
import { FigureDialog } from "./FigureDialog";

const SHAPES = ["rect", "circle", "polygon"] as const;
const STEP = 5;

export function readArea(written: string): AreaView | null {
  const [shape = "", ...numbers] = written.trim().split(/\s+/u);
  const at = numbers.map(Number);
  if (!SHAPES.includes(shape as AreaView["shape"]) || at.some((each) => !Number.isInteger(each) || each < 0 || each > 9999)) return null;
  return { shape: shape as AreaView["shape"], at };
}

export const writeArea = ({ shape, at }: AreaView) => [shape, ...at.map((each) => Math.max(0, Math.round(each)))].join(" ");

/** The place moved, or made larger; a polygon is only moved. */
export function nudged(area: AreaView, dx: number, dy: number, isSize: boolean): AreaView {
  const { shape, at } = area;
  const [x = 0, y = 0, wide = 0, high = 0] = at;
  if (shape === "rect") return { shape, at: isSize ? [x, y, Math.max(STEP, wide + dx), Math.max(STEP, high + dy)] : [x + dx, y + dy, wide, high] };
  if (shape === "circle") return { shape, at: isSize ? [x, y, Math.max(STEP, wide + dx + dy)] : [x + dx, y + dy, wide] };
  return { shape, at: isSize ? at : at.map((each, n) => each + (n % 2 ? dy : dx)) };
}

/** From where the mouse was pressed to where it was let go. */
export function dragged(shape: AreaView["shape"], from: readonly [number, number], to: readonly [number, number]): AreaView {
  const [left, top] = [Math.min(from[0], to[0]), Math.min(from[1], to[1])];
  const [wide, high] = [Math.max(STEP, Math.abs(to[0] - from[0])), Math.max(STEP, Math.abs(to[1] - from[1]))];
  if (shape === "circle") return { shape, at: [from[0], from[1], Math.max(STEP, Math.round(Math.hypot(to[0] - from[0], to[1] - from[1])))] };
  return { shape: "rect", at: [left, top, wide, high] };
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

export function Areas({ item }: { item: ItemSource }): VNode {
  const editor = useEditor();
  const board = useRef<SVGSVGElement>(null);
  const [chosen, setChosen] = useState(0);
  const [isChoosing, setChoosing] = useState(false);
  const [from, setFrom] = useState<readonly [number, number] | null>(null);
  const [natural, setNatural] = useState<readonly [number, number]>([400, 300]);
  const language = editor.left.value;
  const text = textOf(item, language);
  const figure = text.figures[text.picture ?? ""];
  const known = (editor.looks.value?.view as ItemView | null | undefined)?.figures[text.picture ?? ""];
  const size = known && known.digest === figure?.digest ? ([known.width, known.height] as const) : natural;
  const isLocked = !editor.mayClassify;
  const set = (at: number, area: AreaView) => editor.edit((now) => ({ ...now, areas: put(now.areas, at, writeArea(area)) }));
  const at = (event: PointerEvent): readonly [number, number] => {
    const box = board.current?.getBoundingClientRect();
    if (!box) return [0, 0];
    return [Math.round(((event.clientX - box.left) / box.width) * size[0]), Math.round(((event.clientY - box.top) / box.height) * size[1])];
  };
  const shapeOf = (n: number) => readArea(item.areas[n] ?? "")?.shape ?? "rect";
  return (
    <fieldset class="answers" data-anchor={`${language}.picture`}>
      <legend class="answers__title">{_("Picture and places on it")}</legend>
      {!isLocked && (
        <button type="button" class="govuk-button govuk-button--secondary" onClick={() => setChoosing(true)}>
          {figure ? _("Another picture…") : _("Add the picture…")}
        </button>
      )}
      {figure && (
        <div class="board">
          <img class="board__picture" src={`${editor.api.files}${figure.digest}`} alt={figure.alternative} draggable={false} onLoad={({ currentTarget }) => setNatural(sizeOf(currentTarget))} />
          <svg
            ref={board}
            class="board__areas"
            viewBox={`0 0 ${size[0]} ${size[1]}`}
            onPointerDown={(event) => {
              if (isLocked || shapeOf(chosen) === "polygon") return;
              event.currentTarget.setPointerCapture(event.pointerId);
              setFrom(at(event));
            }}
            onPointerMove={(event) => from && set(chosen, dragged(shapeOf(chosen), from, at(event)))}
            onPointerUp={() => setFrom(null)}
          >
            {item.areas.map((written, n) => {
              const area = readArea(written);
              return area && <Shape key={n} area={area} name={String(n + 1)} isChosen={n === chosen} isRight={n < item.n_right} />;
            })}
          </svg>
        </div>
      )}
      {figure && !isLocked && <p class="field__hint">{_("Choose a place below, then draw it on the picture. By keyboard: the arrows move it, with Shift they make it larger or smaller.")}</p>}
      {item.areas.map((written, n) => (
        <div key={n} class="areas__line">
          <button
            type="button"
            class="tool"
            aria-pressed={n === chosen}
            onClick={() => setChosen(n)}
            onKeyDown={(event) => {
              const step = ARROWS[event.key];
              const area = readArea(written);
              if (!step || !area || isLocked) return;
              event.preventDefault();
              setChosen(n);
              set(n, nudged(area, step[0], step[1], event.shiftKey));
            }}
          >
            {_("Place %(n)s", { n: n + 1 })}
          </button>
          <select class="govuk-select" aria-label={_("Shape of place %(n)s", { n: n + 1 })} disabled={isLocked} value={shapeOf(n)} onChange={(event) => set(n, reshaped(written, event.currentTarget.value as AreaView["shape"]))}>
            <option value="rect">{_("Rectangle")}</option>
            <option value="circle">{_("Circle")}</option>
            <option value="polygon">{_("Polygon")}</option>
          </select>
          <Numbers written={written} n={n} isLocked={isLocked} onChange={(area) => set(n, area)} />
        </div>
      ))}
      {isChoosing && (
        <FigureDialog
          item={item}
          language={language}
          isPicture
          onCancel={() => setChoosing(false)}
          onDone={(name) => {
            setChoosing(false);
            editor.edit((now) => placed(now, name));
          }}
        />
      )}
    </fieldset>
  );
}

/** The numbers of a place, typed; kept once they are a shape. */
function Numbers({ written, n, isLocked, onChange }: { written: string; n: number; isLocked: boolean; onChange: (area: AreaView) => void }): VNode {
  const numbers = written.split(" ").slice(1).join(" ");
  return (
    <input
      class="govuk-input areas__numbers"
      aria-label={_("Numbers of place %(n)s: left, top, width, height; of a circle its middle and radius; of a polygon each point", { n: n + 1 })}
      value={numbers}
      disabled={isLocked}
      onChange={(event) => {
        const area = readArea(`${written.split(" ")[0]} ${event.currentTarget.value}`);
        if (area) onChange(area);
        else event.currentTarget.value = numbers;
      }}
    />
  );
}

function Shape({ area, name, isChosen, isRight }: { area: AreaView; name: string; isChosen: boolean; isRight: boolean }): VNode {
  const [x = 0, y = 0, wide = 0, high = 0] = area.at;
  return (
    <g class={`board__area ${isChosen ? "board__area--chosen" : ""} ${isRight ? "board__area--right" : ""}`}>
      {area.shape === "rect" && <rect x={x} y={y} width={wide} height={high} />}
      {area.shape === "circle" && <circle cx={x} cy={y} r={wide} />}
      {area.shape === "polygon" && <polygon points={area.at.join(" ")} />}
      <text x={area.shape === "circle" ? x : x + 4} y={area.shape === "circle" ? y : y + 16}>
        {name}
      </text>
    </g>
  );
}

/** The same place in another shape. */
export function reshaped(written: string, shape: AreaView["shape"]): AreaView {
  const area = readArea(written) ?? { shape: "rect", at: [20, 20, 80, 60] };
  const [x = 0, y = 0, wide = 0, high = 0] = area.at;
  if (area.shape === shape) return area;
  const box = area.shape === "circle" ? [x - wide, y - wide, 2 * wide, 2 * wide] : area.shape === "rect" ? [x, y, wide, high] : [x, y, 80, 60];
  const [left = 0, top = 0, w = 0, h = 0] = box;
  if (shape === "circle") return { shape, at: [Math.round(left + w / 2), Math.round(top + h / 2), Math.round(Math.min(w, h) / 2)] };
  if (shape === "polygon") return { shape, at: [left, top, left + w, top, left + w, top + h, left, top + h] };
  return { shape, at: [left, top, w, h] };
}

/** The figure is the picture in every language; the one before is gone. */
function placed(item: ItemSource, name: string): ItemSource {
  return everyText(item, (text, language) => {
    const others = Object.entries(text.figures).filter(([each]) => each !== text.picture);
    const own = textOf(item, language).figures[name];
    return withText(item, language, { picture: name, figures: Object.fromEntries(own ? [...others.filter(([each]) => each !== name), [name, own]] : others) }).texts[language]!;
  });
}

/** Until the server has told the picture's own units. */
function sizeOf(image: HTMLImageElement): readonly [number, number] {
  return [image.naturalWidth || 400, image.naturalHeight || 300];
}
