// A text with its formulas drawn, the same for the candidate who types it and for whoever reads it later.
import type { VNode } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { RichText } from "../rich";
import { hasFormula, linesOf } from "./index";

interface WrittenProps {
  readonly text: string;
  readonly label: string;
  /** The line that is kept in sight. */
  readonly line?: number;
}

/** Nothing where all of it reads as it was typed. */
export function Written({ text, label, line }: WrittenProps): VNode | null {
  const box = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(text), [text]);
  useEffect(() => {
    const shown = line === undefined ? undefined : box.current?.children[line];
    if (box.current && shown instanceof HTMLElement) keepInSight(box.current, shown);
  }, [text, line]);
  if (!hasFormula(lines)) return null;
  return (
    <div class="written" role="group" aria-label={label} tabIndex={0} ref={box}>
      {lines.map((content, n) => (
        <p key={n} class="written__line">
          <RichText content={content} />
        </p>
      ))}
    </div>
  );
}

/** The box is scrolled, never the page. */
function keepInSight(box: HTMLElement, line: HTMLElement): void {
  const [top, bottom] = [line.offsetTop - box.offsetTop, line.offsetTop - box.offsetTop + line.offsetHeight];
  if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  if (top < box.scrollTop) box.scrollTop = top;
}
