// Signs and forms that no keyboard has, put into the writing by a press. One stop of the Tab key; the arrows move among them.
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { linesOf } from "../../common/formula";
import { _ } from "../../common/i18n";
import { RichText } from "../../common/rich";

/** Where the writing goes on, or what is selected comes to stand. */
const HOLE = "□";

export interface Sign {
  /** Typed as it is seen, unless it is a form with holes. */
  readonly face: string;
  /** What a screen reader says. */
  readonly name: string;
  readonly form?: string;
}

export function signs(): readonly Sign[] {
  return [
    { face: "a/b", name: _("Fraction"), form: "(□)/(□)" },
    { face: "²", name: _("squared") },
    { face: "³", name: _("cubed") },
    { face: "x^n", name: _("Power"), form: "^(□)" },
    { face: "x_n", name: _("Index below"), form: "_(□)" },
    { face: "√", name: _("Square root"), form: "√(□)" },
    { face: "root(n)(x)", name: _("Root of any degree"), form: "root(□)(□)" },
    { face: "|x|", name: _("Absolute value"), form: "|□|" },
    { face: "log_a", name: _("Logarithm"), form: "log_(□)(□)" },
    { face: "vec(a)", name: _("Vector"), form: "vec(□)" },
    { face: "·", name: _("times") },
    { face: ":", name: _("divided by") },
    { face: "±", name: _("plus or minus") },
    { face: "≠", name: _("not equal to") },
    { face: "≈", name: _("about equal to") },
    { face: "<", name: _("less than") },
    { face: ">", name: _("greater than") },
    { face: "≤", name: _("less than or equal to") },
    { face: "≥", name: _("greater than or equal to") },
    { face: "[", name: _("square bracket") },
    { face: "]", name: _("closing square bracket") },
    { face: "∞", name: _("infinity") },
    { face: "π", name: _("pi") },
    { face: "°", name: _("degrees") },
    { face: "∠", name: _("angle") },
    { face: "△", name: _("triangle") },
    { face: "⊥", name: _("perpendicular to") },
    { face: "∥", name: _("parallel to") },
    { face: "∈", name: _("belongs to") },
    { face: "∪", name: _("union") },
    { face: "∩", name: _("intersection") },
    { face: "⇒", name: _("therefore") },
    { face: "α", name: _("alpha") },
    { face: "β", name: _("beta") },
  ];
}

/** The sign or form stands at the caret; what was selected stands in its first hole, and the caret in the next one. */
export function put({ face, form = face }: Sign, box: HTMLTextAreaElement): void {
  const [from, to] = [box.selectionStart, box.selectionEnd];
  const chosen = box.value.slice(from, to);
  const [before = "", ...holes] = form.split(HOLE);
  box.setRangeText(before + chosen + holes.join(""), from, to, "end");
  const ahead = chosen ? holes.slice(0, holes.length > 1 ? 1 : undefined).join("").length + chosen.length : 0;
  const at = from + before.length + ahead;
  box.setSelectionRange(at, at);
}

/** The place that a key leads to from `at`, round the ends; null if it leads nowhere. */
export function signOfKey(key: string, at: number, count: number): number | null {
  if (key === "ArrowRight" || key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowLeft" || key === "ArrowUp") return (at + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

export function Signs({ onPut }: { onPut: (sign: Sign) => void }): VNode {
  const [at, setAt] = useState(0);
  const bar = useRef<HTMLDivElement>(null);
  const every = signs();
  const move = (event: KeyboardEvent) => {
    const to = signOfKey(event.key, at, every.length);
    if (to === null) return;
    event.preventDefault();
    setAt(to);
    bar.current?.querySelectorAll<HTMLButtonElement>("button")[to]?.focus();
  };
  return (
    <div class="signs" role="toolbar" aria-label={_("Mathematical signs")} ref={bar} onKeyDown={move}>
      {every.map((sign, n) => (
        <button
          key={sign.face}
          type="button"
          class="signs__key"
          title={sign.name}
          tabIndex={n === at ? 0 : -1}
          onFocus={() => setAt(n)}
          onClick={() => onPut(sign)}
        >
          <span class="govuk-visually-hidden">{sign.name}</span>
          <span aria-hidden="true">{sign.form ? <RichText content={linesOf(sign.face)[0] ?? []} /> : sign.face}</span>
        </button>
      ))}
    </div>
  );
}
