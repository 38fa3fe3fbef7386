// A formula in LaTeX: drawn while it is typed, with the words that are said for it.
import type { VNode } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Unreachable } from "../../common/api";
import { _ } from "../../common/i18n";
import { RichText, type Rich } from "../../common/rich";
import { Dialog } from "../../common/shell";
import type { FormulaLooks, Language } from "../../common/wire";
import { useEditor } from "./context";

interface FormulaDialogProps {
  readonly language: Language;
  readonly latex: string;
  readonly said: string | null;
  readonly onCancel: () => void;
  readonly onRemove: (() => void) | null;
  readonly onDone: (latex: string, said: string | null) => void;
}

/** What a button writes; `□` is where the selection goes, or the cursor. */
const SIGNS: readonly (readonly [string, string])[] = [
  ["a⁄b", "\\frac{□}{}"], ["√", "\\sqrt{□}"], ["ⁿ√", "\\sqrt[n]{□}"], ["xⁿ", "^{□}"], ["xₙ", "_{□}"],
  ["·", "\\cdot "], ["±", "\\pm "], ["≤", "\\le "], ["≥", "\\ge "], ["≠", "\\ne "], ["≈", "\\approx "],
  ["°", "^{\\circ}"], ["π", "\\pi "], ["α", "\\alpha "], ["∠", "\\angle "], ["∈", "\\in "], ["∞", "\\infty "],
  ["→", "\\to "], ["a⃗", "\\vec{□}"], ["2,5", "{,}"], ["sin", "\\sin "], ["log", "\\log_{□}"], ["Σ", "\\sum_{□}^{}"], ["∫", "\\int_{□}^{}"],
  ["{", "\\begin{cases} □ \\\\  \\end{cases}"], ["абв", "\\text{□}"],
];
const WAIT_MS = 200;

export function FormulaDialog({ language, latex: first, said: own, onCancel, onRemove, onDone }: FormulaDialogProps): VNode {
  const editor = useEditor();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [latex, setLatex] = useState(first);
  const [said, setSaid] = useState(own ?? "");
  const [looks, setLooks] = useState<FormulaLooks | null>(null);
  const [isAway, setAway] = useState(false);
  useEffect(() => {
    if (!latex.trim()) return setLooks(null);
    let isOld = false;
    const timer = setTimeout(() => {
      editor.formula(latex, language).then(
        (found) => !isOld && (setLooks(found), setAway(false)),
        (error) => !isOld && setAway(error instanceof Unreachable),
      );
    }, WAIT_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [latex]);
  useEffect(() => field.current?.focus(), []);
  const isSound = latex.trim() !== "" && looks?.problem === null;
  const done = () => isSound && onDone(latex.trim(), said.trim() === "" || said.trim() === looks?.spoken ? null : said.trim().replace(/[{}$]/gu, ""));
  return (
    <Dialog title={_("Formula")} onCancel={onCancel}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          done();
        }}
      >
        <div class="formula__signs" role="group" aria-label={_("Signs")}>
          {SIGNS.map(([sign, writes]) => (
            <button key={sign} type="button" class="tool" title={writes.replace("□", "")} onClick={() => setLatex(put(field.current, latex, writes))}>
              {sign}
            </button>
          ))}
        </div>
        <label class="field__label" for={`${id}-latex`}>
          {_("In LaTeX")}
        </label>
        <textarea
          id={`${id}-latex`}
          ref={field}
          class="govuk-textarea formula__latex"
          rows={2}
          spellcheck={false}
          value={latex}
          aria-describedby={`${id}-looks`}
          onInput={(event) => setLatex(event.currentTarget.value.replaceAll("$", ""))}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey) return;
            event.preventDefault();
            done();
          }}
        />
        <div id={`${id}-looks`} class="formula__looks" aria-live="polite">
          {isAway && <p class="field__remark field__remark--error">{_("The server cannot be reached. The formula is drawn when it can.")}</p>}
          {looks?.problem && <p class="field__remark field__remark--error">{_("It cannot be shown: %(reason)s", { reason: looks.problem })}</p>}
          {looks?.content && <RichText content={looks.content as Rich} spoken={looks.spoken} />}
        </div>
        <label class="field__label" for={`${id}-said`}>
          {_("Said as")}
        </label>
        <span class="field__hint" id={`${id}-proposed`}>
          {_("Leave it empty to have it said as proposed:")} <span lang={language}>{looks?.spoken ?? ""}</span>
        </span>
        <input id={`${id}-said`} class="govuk-input" lang={language} aria-describedby={`${id}-proposed`} value={said} onInput={(event) => setSaid(event.currentTarget.value)} />
        <div class="dialog__actions">
          <button type="submit" class="govuk-button" aria-disabled={!isSound}>
            {_("Put it into the text")}
          </button>
          {onRemove && (
            <button type="button" class="govuk-button govuk-button--warning" onClick={onRemove}>
              {_("Take it out")}
            </button>
          )}
          <button type="button" class="govuk-button govuk-button--secondary" onClick={onCancel}>
            {_("Cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** The LaTeX with a sign where the cursor is; what was selected stands inside it. */
function put(field: HTMLTextAreaElement | null, latex: string, writes: string): string {
  if (!field) return latex + writes.replace("□", "");
  const [start, end] = [field.selectionStart, field.selectionEnd];
  const [before = "", after] = writes.split("□");
  const inside = after === undefined ? "" : latex.slice(start, end);
  const at = start + before.length + inside.length;
  requestAnimationFrame(() => {
    field.focus();
    field.setSelectionRange(at, at);
  });
  return latex.slice(0, start) + before + inside + (after ?? "") + latex.slice(end);
}
