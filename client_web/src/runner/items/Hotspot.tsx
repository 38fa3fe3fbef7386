// Areas on a picture: each holds a native radio or checkbox of exactly its shape, so mouse, finger, keys and voice meet it.
import type { VNode } from "preact";
import { _, language } from "../../common/i18n";
import { plainText } from "../../common/rich";
import type { AreaView } from "../../common/wire";
import { Picture } from "./Figure";
import { chosenOf, chosenWith } from "./Options";
import type { ItemProps } from "./props";

export function Hotspot({ item, name, draft, isLocked, onEdit }: ItemProps): VNode | null {
  const picture = item.figures[item.picture ?? ""];
  if (!picture) return null;
  const chosen = chosenOf(draft);
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
            const clip = `area-${name.replace(/\W/g, "-")}-${id}`;
            const isChosen = chosen.includes(id);
            return (
              <g key={`${name}-${id}`} class={isChosen ? "area area--chosen" : "area"}>
                <clipPath id={clip}>
                  <Shape area={area} />
                </clipPath>
                <foreignObject x={left} y={top} width={right - left} height={bottom - top} clip-path={`url(#${clip})`}>
                  <input
                    type={item.is_several ? "checkbox" : "radio"}
                    class="area__input"
                    name={`area-${name}`}
                    value={id}
                    aria-label={spoken ?? plainText(content)}
                    checked={isChosen}
                    disabled={isLocked}
                    onChange={() => onEdit(chosenWith(item.is_several, draft, id))}
                  />
                </foreignObject>
                <g class="area__halo">
                  <Shape area={area} />
                </g>
                <g class="area__edge">
                  <Shape area={area} />
                </g>
                {isChosen && <path class="area__tick" d={`M${(left + right) / 2 - 7} ${(top + bottom) / 2}l5 5l9 -10`} />}
              </g>
            );
          })}
        </svg>
      </div>
    </fieldset>
  );
}

function Shape({ area }: { area: AreaView }): VNode {
  const [x = 0, y = 0, wide = 0, high = 0] = area.at;
  if (area.shape === "rect") return <rect x={x} y={y} width={wide} height={high} />;
  if (area.shape === "circle") return <circle cx={x} cy={y} r={wide} />;
  return <polygon points={area.at.join(" ")} />;
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
