// Signs no keyboard has, put into the writing by a press. One stop of the Tab key; the arrows move among them.
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { _ } from "../../common/i18n";

export const SIGNS = [..."²³ⁿ₁₂√∛·÷±≠≈≤≥∞π°∠△⊥∥∈∪∩⇒⇔αβ"];

/** The place that a key leads to from `at`, round the ends; null if it leads nowhere. */
export function signOfKey(key: string, at: number): number | null {
  const count = SIGNS.length;
  if (key === "ArrowRight" || key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowLeft" || key === "ArrowUp") return (at + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

export function Signs({ onInsert }: { onInsert: (sign: string) => void }): VNode {
  const [at, setAt] = useState(0);
  const bar = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const to = signOfKey(event.key, at);
    if (to === null) return;
    event.preventDefault();
    setAt(to);
    bar.current?.querySelectorAll<HTMLButtonElement>("button")[to]?.focus();
  };
  return (
    <div class="signs" role="toolbar" aria-label={_("Mathematical signs")} ref={bar} onKeyDown={move}>
      {SIGNS.map((sign, n) => (
        <button
          key={sign}
          type="button"
          class="signs__key"
          tabIndex={n === at ? 0 : -1}
          onFocus={() => setAt(n)}
          onClick={() => onInsert(sign)}
        >
          {sign}
        </button>
      ))}
    </div>
  );
}
