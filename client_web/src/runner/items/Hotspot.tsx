// Areas on a picture: each holds a native radio or checkbox of exactly its shape, so mouse, finger, keys and voice meet it.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { _, language } from "../../common/i18n";
import { plainText } from "../../common/rich";
import type { AreaView } from "../../common/wire";
import { Picture } from "./Figure";
import { chosenOf, chosenWith } from "./Options";
import type { ItemProps } from "./props";

export function Hotspot({ item, name, draft, isLocked, onEdit }: ItemProps): VNode | null {
  const picture = item.figures[item.picture ?? ""];
  const [focused, setFocused] = useState<string | null>(null);
  if (!picture) return null;
  const chosen = chosenOf(draft);
  const depth = (id: string) => 2 * Number(id === focused) + Number(chosen.includes(id));
  return (
    <fieldset class="hotspot" aria-describedby={`stem-${name}`} lang={item.language}>
      <legend class="item__hint" lang={language()}>
        {item.is_several ? _("Choose all the right places on the figure") : _("Choose one place on the figure")}
      </legend>
      <div class="hotspot__board">
        <Picture figure={picture} />
        <svg class="hotspot__areas" viewBox={`0 0 ${picture.width} ${picture.height}`}>
          {item.options.map(({ id, area, content, spoken }) => {
            if (!area) return null;
            const [left, top, right, bottom] = boxOf(area);
            return (
              <g key={`${name}-${id}`}>
                <foreignObject x={left} y={top} width={right - left} height={bottom - top}>
                  <input
                    ref={(input) => void (input && (input.style.clipPath = outlineOf(area)))}
                    type={item.is_several ? "checkbox" : "radio"}
                    class="area__input"
                    name={`area-${name}`}
                    value={id}
                    aria-label={spoken ?? plainText(content)}
                    checked={chosen.includes(id)}
                    disabled={isLocked}
                    onFocus={({ currentTarget }) => setFocused(currentTarget.matches(":focus-visible") ? id : null)}
                    onBlur={() => setFocused(null)}
                    onChange={() => onEdit(chosenWith(item.is_several, draft, id))}
                  />
                </foreignObject>
              </g>
            );
          })}
          {[...item.options]
            .sort((one, other) => depth(one.id) - depth(other.id))
            .map(({ id, area }) => area && <Drawn key={`${name}-${id}`} area={area} isChosen={chosen.includes(id)} isFocused={id === focused} />)}
        </svg>
      </div>
    </fieldset>
  );
}

/** What is seen of an area; the one in focus is drawn over its neighbours. */
function Drawn({ area, isChosen, isFocused }: { area: AreaView; isChosen: boolean; isFocused: boolean }): VNode {
  const [, above, beyond] = boxOf(area);
  const inset = area.shape === "rect" ? 14 : 4; // a neighbour may begin where a rectangle ends
  const [x, y] = [beyond - inset, above + inset];
  return (
    <g class={`area ${isChosen ? "area--chosen" : ""} ${isFocused ? "area--focused" : ""}`}>
      <g class="area__halo">
        <Shape area={area} />
      </g>
      <g class="area__edge">
        <Shape area={area} />
      </g>
      {isChosen && (
        <g class="area__tick">
          <circle cx={x} cy={y} r="9" />
          <path d={`M${x - 5} ${y}l4 4l6 -7`} />
        </g>
      )}
    </g>
  );
}

function Shape({ area }: { area: AreaView }): VNode {
  const [x = 0, y = 0, wide = 0, high = 0] = area.at;
  if (area.shape === "rect") return <rect x={x} y={y} width={wide} height={high} />;
  if (area.shape === "circle") return <circle cx={x} cy={y} r={wide} />;
  return <polygon points={area.at.join(" ")} />;
}

/** The shape within its box, as CSS clips an element: beside it a click meets nothing. */
export function outlineOf(area: AreaView): string {
  if (area.shape === "rect") return "none";
  if (area.shape === "circle") return "circle(50%)";
  const [left, top, right, bottom] = boxOf(area);
  const percent = (at: number, low: number, high: number) => `${Math.round(((at - low) / (high - low)) * 1000) / 10}%`;
  const points = area.at.flatMap((x, n) => (n % 2 === 0 ? [`${percent(x, left, right)} ${percent(area.at[n + 1] ?? 0, top, bottom)}`] : []));
  return `polygon(${points.join(", ")})`;
}

/** Left, top, right and bottom. */
export function boxOf({ shape, at }: AreaView): readonly [number, number, number, number] {
  const [x = 0, y = 0, wide = 0, high = 0] = at;
  if (shape === "rect") return [x, y, x + wide, y + high];
  if (shape === "circle") return [x - wide, y - wide, x + wide, y + wide];
  const xs = at.filter((_at, n) => n % 2 === 0);
  const ys = at.filter((_at, n) => n % 2 === 1);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
