// The line reader: all but a few lines are dimmed. It follows the pointer; its handle is moved by the arrows.
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { _ } from "../../common/i18n";

/** Of the height of the window. */
const OPEN = 0.14;
const STEP = 0.03;
const BIG_STEP = 0.15;

export function Ruler(): VNode {
  const [at, setAt] = useState(0.35);
  useEffect(() => {
    const follow = ({ clientY }: PointerEvent) => setAt(within(clientY / window.innerHeight - OPEN / 2));
    window.addEventListener("pointermove", follow);
    window.addEventListener("pointerdown", follow);
    return () => {
      window.removeEventListener("pointermove", follow);
      window.removeEventListener("pointerdown", follow);
    };
  }, []);
  const press = (event: KeyboardEvent) => {
    const by = { ArrowDown: STEP, ArrowUp: -STEP, PageDown: BIG_STEP, PageUp: -BIG_STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setAt(within(at + by));
  };
  const percent = (part: number) => `${(part * 100).toFixed(2)}%`;
  return (
    <svg class="ruler">
      <rect class="ruler__veil" width="100%" height={percent(at)} />
      <rect class="ruler__veil" y={percent(at + OPEN)} width="100%" height={percent(1 - at - OPEN)} />
      <rect
        class="ruler__handle"
        y={percent(at)}
        width="100%"
        height={percent(OPEN)}
        tabIndex={0}
        role="slider"
        aria-orientation="vertical"
        aria-label={_("Line reader: move it with the arrow keys")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round((at / (1 - OPEN)) * 100)}
        onKeyDown={press}
      />
    </svg>
  );
}

const within = (part: number) => Math.min(1 - OPEN, Math.max(0, part));
