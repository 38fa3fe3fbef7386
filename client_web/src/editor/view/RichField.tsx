// A text with formulas and figures in it: the field itself, and the buttons that appear while one writes there.
import { render, type VNode } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { _ } from "../../common/i18n";
import { RichText, type Rich } from "../../common/rich";
import { textOf } from "../change";
import type { Editor } from "../ctrl";
import { Written, type Settings, type Thing } from "../rich/mount";
import { anchorOf, useEditor, type ColumnProps } from "./context";
import { FigureDialog } from "./FigureDialog";
import { FormulaDialog } from "./FormulaDialog";

export interface RichFieldProps extends ColumnProps {
  /** `stem`, `options.2`: where it stands in the language. */
  readonly part: string;
  readonly label: string;
  readonly source: string;
  readonly isBlock?: boolean;
  readonly isLabelHidden?: boolean;
  readonly hint?: string;
  /** Puts the next gap here; without it the text has none. */
  readonly gap?: () => string;
  readonly onChange: (source: string) => void;
}

type Open = { readonly kind: "formula"; readonly latex: string; readonly said: string | null } | { readonly kind: "figure" } | null;

export function RichField(props: RichFieldProps): VNode {
  const { part, label, source, language, item, isBlock = false, isLabelHidden = false } = props;
  const editor = useEditor();
  const id = useId();
  const anchor = anchorOf(language, part);
  const place = useRef<HTMLDivElement>(null);
  const written = useRef<Written | null>(null);
  const [open, setOpen] = useState<Open>(null);
  // Readers of a language change its words; the rubric is content.
  const isReadOnly = !editor.may(language) || (part === "rubric" && !editor.mayClassify);
  const remarks = (editor.looks.value?.remarks ?? []).filter((each) => each.anchor === anchor);
  const said = (editor.opened.value?.said ?? []).filter((each) => each.anchor === anchor && !each.is_settled);
  const settings: Settings = {
    source,
    isBlock,
    isReadOnly,
    attributes: {
      role: "textbox",
      lang: language,
      class: "field__text",
      "aria-multiline": String(isBlock),
      "aria-labelledby": `${id}-label`,
      "aria-describedby": `${id}-remarks`,
      "aria-readonly": String(isReadOnly),
      ...(remarks.some((each) => each.severity === "error") ? { "aria-invalid": "true" } : {}),
      ...(isReadOnly ? { tabindex: "0" } : {}),
    },
    onChange: props.onChange,
    onFormula: (latex, said) => setOpen({ kind: "formula", latex, said }),
    draw: (at, thing) => drawThing(editor, at, thing, props),
  };
  useEffect(() => {
    if (!place.current) return;
    const made = (written.current = new Written(place.current, settings));
    return () => made.destroy();
  }, [isBlock, language]);
  useEffect(() => written.current?.update(settings));
  const close = () => {
    setOpen(null);
    written.current?.focus();
  };
  const insert = (thing: Thing) => {
    setOpen(null);
    written.current?.insert(thing);
  };
  return (
    <div class={`field ${isBlock ? "field--block" : ""}`} data-anchor={anchor}>
      <span id={`${id}-label`} class={isLabelHidden ? "govuk-visually-hidden" : "field__label"}>
        {label}
      </span>
      {props.hint && <span class="field__hint">{props.hint}</span>}
      <div class="field__box">
        <div ref={place} />
        {!isReadOnly && <Tools written={() => written.current} onOpen={setOpen} gap={props.gap} hasFigures={editor.mayClassify && /^(stem|passage|options|prompts)/u.test(part)} />}
      </div>
      <ul id={`${id}-remarks`} class="field__remarks">
        {remarks.map((each) => (
          <li key={each.sentence} class={`field__remark field__remark--${each.severity}`}>
            {each.sentence}
          </li>
        ))}
        {said.map((each, n) => (
          <li key={n} class="field__remark field__remark--said">
            <strong>{each.author}:</strong> {each.body}
          </li>
        ))}
      </ul>
      {open?.kind === "formula" && (
        <FormulaDialog
          language={language}
          latex={open.latex}
          said={open.said}
          onCancel={close}
          onRemove={open.latex ? () => (setOpen(null), written.current?.remove()) : null}
          onDone={(latex, said) => insert({ kind: "formula", attrs: { latex, said } })}
        />
      )}
      {open?.kind === "figure" && (
        <FigureDialog item={item} language={language} isPassage={part === "passage"} onCancel={close} onDone={(name) => insert({ kind: "figure", attrs: { name } })} />
      )}
    </div>
  );
}

interface ToolsProps {
  readonly written: () => Written | null;
  readonly onOpen: (open: Open) => void;
  readonly gap: (() => string) | undefined;
  readonly hasFigures: boolean;
}

function Tools({ written, onOpen, gap, hasFigures }: ToolsProps): VNode {
  return (
    <div class="field__tools" role="group" aria-label={_("Tools of this text")}>
      <button type="button" class="tool" title="Ctrl+B" onClick={() => written()?.mark("strong")}>
        <strong>{_("Strong")}</strong>
      </button>
      <button type="button" class="tool" title="Ctrl+I" onClick={() => written()?.mark("em")}>
        <em>{_("Emphasis")}</em>
      </button>
      <button type="button" class="tool" title="Ctrl+M" onClick={() => written()?.askFormula()}>
        {_("Formula…")}
      </button>
      {hasFigures && (
        <button type="button" class="tool" onClick={() => onOpen({ kind: "figure" })}>
          {_("Figure…")}
        </button>
      )}
      {gap && (
        <button type="button" class="tool" onClick={() => written()?.insert({ kind: "gap", attrs: { id: gap() } })}>
          {_("Gap in the text")}
        </button>
      )}
    </div>
  );
}

/** A thing of the text as it looks: a formula drawn, a figure as it is, a gap by its number. */
function drawThing(editor: Editor, place: HTMLElement, { kind, attrs }: Thing, { language }: ColumnProps): () => void {
  let isGone = false;
  const show = (node: VNode) => !isGone && render(node, place);
  if (kind === "gap") show(<span>{_("gap %(n)s", { n: attrs["id"] ?? "" })}</span>);
  if (kind === "figure") {
    const name = attrs["name"] ?? "";
    const item = editor.item.peek();
    const figure = item && textOf(item, language).figures[name];
    show(figure ? <img src={`${editor.api.files}${figure.digest}`} alt={figure.alternative || name} /> : <span>{name}</span>);
  }
  if (kind === "formula") {
    const latex = attrs["latex"] ?? "";
    show(<code>{latex}</code>);
    editor.formula(latex, language).then(
      ({ content, spoken }) => content && show(<Drawn content={content as Rich} spoken={attrs["said"] ?? spoken} />),
      () => undefined, // the LaTeX stands there
    );
  }
  return () => {
    isGone = true;
    render(null, place);
  };
}

function Drawn({ content, spoken }: { content: Rich; spoken: string }): VNode {
  return <RichText content={content} spoken={spoken} />;
}
