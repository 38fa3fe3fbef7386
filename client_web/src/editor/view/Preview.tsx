// The item as candidates see it, drawn by the very parts of their page; the reader's name and a code lie across it.
import { render, type VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useFocus } from "../../common/dom";
import { _, LANGUAGES } from "../../common/i18n";
import { FigureOf, RichText, type Rich } from "../../common/rich";
import type { Heard, ItemView, Language } from "../../common/wire";
import { Figure } from "../../runner/items/Figure";
import type { Draft } from "../../runner/types";
import { ItemForm } from "../../runner/view/Item";
import { languagesOf } from "../change";
import { COLOURS, type Colours } from "../../runner/tools/aids";
import { EditorOf, useEditor } from "./context";

const SIZES = [100, 200] as const;

export function Preview(): VNode {
  const editor = useEditor();
  const [isLarge, setLarge] = useState(false);
  const item = editor.item.value;
  return (
    <section class="panel preview" aria-labelledby="preview-title">
      <div class="preview__head">
        <h2 class="govuk-heading-s" id="preview-title">
          {_("As candidates see it")}
        </h2>
        <div class="button-row">
          {item && languagesOf(item).map((language) => <Choice key={language} language={language} />)}
          <button type="button" class="tool" onClick={() => setLarge(true)}>
            {_("Whole page…")}
          </button>
          <label class="right">
            <input type="checkbox" checked={editor.isKeyShown.value} onChange={(event) => editor.showKey(event.currentTarget.checked)} />
            <span>{_("Show the key")}</span>
          </label>
        </div>
      </div>
      {isLarge ? <Whole onClose={() => setLarge(false)} /> : <Seen />}
      <Key />
    </section>
  );
}

function Choice({ language }: { language: Language }): VNode {
  const editor = useEditor();
  return (
    <button type="button" class="tool" lang={language} aria-pressed={editor.seen.value === language} onClick={() => editor.showPreview(language)}>
      {LANGUAGES[language]}
    </button>
  );
}

/** The item itself. An answer given here is thought about and forgotten. */
function Seen(): VNode {
  const editor = useEditor();
  const looks = editor.looks.value;
  const [draft, setDraft] = useState<Draft>(null);
  const view = looks?.view as ItemView | null | undefined;
  const shape = view && JSON.stringify([view.type, view.language, view.options.map(({ id }) => id), view.slots.map(({ id }) => id)]);
  useEffect(() => setDraft(null), [shape]);
  if (!looks) return <p>{_("One moment…")}</p>;
  if (!view) return <p class="govuk-inset-text">{looks.problem}</p>;
  const whole: ItemView = { ...view, options: view.options.map((option) => ({ ...option, area: option.area ?? null })) };
  const drawFigure = (id: string) => {
    const figure = whole.figures[id];
    return figure ? <Figure key={figure.digest} figure={figure} /> : null;
  };
  return (
    <FigureOf.Provider value={drawFigure}>
      <div class={`preview__item ${editor.isLookOld.value ? "preview__item--old" : ""}`}>
        {whole.passage && (
          <div class="preview__passage" lang={whole.language}>
            <RichText content={whole.passage} />
          </div>
        )}
        {looks.recording && <Sound heard={looks.recording} language={whole.language} />}
        <ItemForm item={whole} name={`preview-${shape ?? ""}`} draft={draft} isLocked={false} onEdit={setDraft} onNext={() => undefined} nextLabel={_("Next question")} />
      </div>
    </FigureOf.Provider>
  );
}

function Sound({ heard, language }: { heard: Heard; language: Language }): VNode {
  const editor = useEditor();
  return (
    <section class="preview__sound" aria-label={_("Recording")}>
      <p lang={language}>{heard.title}</p>
      <audio class="recording__sound" controls preload="none" src={`${editor.api.files}${heard.digest}`} />
      <p>{_("Plays left: %(left)s of %(plays)s", { left: heard.plays, plays: heard.plays })}</p>
    </section>
  );
}

function Key(): VNode | null {
  const { isKeyShown, looks } = useEditor();
  if (!isKeyShown.value || !looks.value) return null;
  const { key, rubric } = looks.value;
  return (
    <div class="govuk-inset-text preview__key" role="status">
      {rubric ? <RichText content={rubric as Rich} /> : <>{_("Right: %(key)s", { key: key?.join(", ") || "–" })}</>}
    </div>
  );
}

/** The whole window, in the sizes and colours that candidates can choose; everything behind it sleeps. */
function Whole({ onClose }: { onClose: () => void }): VNode {
  const editor = useEditor();
  useEffect(() => {
    const host = document.createElement("div");
    const asleep = [...document.body.children].filter((each) => each instanceof HTMLElement && !each.inert) as HTMLElement[];
    const before = document.activeElement;
    const close = (event: KeyboardEvent) => event.key === "Escape" && onClose();
    document.body.append(host);
    asleep.forEach((each) => (each.inert = true));
    document.addEventListener("keydown", close);
    render(<EditorOf.Provider value={editor}><Window onClose={onClose} /></EditorOf.Provider>, host);
    return () => {
      document.removeEventListener("keydown", close);
      asleep.forEach((each) => (each.inert = false));
      render(null, host);
      host.remove();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return <p>{_("It is shown on the whole page.")}</p>;
}

function Window({ onClose }: { onClose: () => void }): VNode {
  const [size, setSize] = useState<number>(100);
  const [colours, setColours] = useState<Colours>("usual");
  const back = useFocus<HTMLButtonElement>();
  const names: Readonly<Record<Colours, string>> = { usual: _("usual"), contrast: _("high contrast"), dark: _("dark") };
  useEffect(() => {
    const { dataset } = document.documentElement;
    dataset["size"] = String(size);
    dataset["colours"] = colours;
    return () => {
      delete dataset["size"];
      delete dataset["colours"];
    };
  }, [size, colours]);
  return (
    <div class="whole" role="dialog" aria-modal="true" aria-label={_("As candidates see it")}>
      <div class="whole__bar">
        <button type="button" class="govuk-button" ref={back} onClick={onClose}>
          {_("Back to the text")}
        </button>
        {SIZES.map((each) => (
          <button key={each} type="button" class="tool" aria-pressed={size === each} onClick={() => setSize(each)}>
            {each} %
          </button>
        ))}
        {COLOURS.map((each) => (
          <button key={each} type="button" class="tool" aria-pressed={colours === each} onClick={() => setColours(each)}>
            {names[each]}
          </button>
        ))}
      </div>
      <div class="panel whole__item">
        <Seen />
      </div>
      <Watermark />
    </div>
  );
}

/** Who reads, since when, and a code that leads to the journal, again and again over everything. */
export function Watermark(): VNode | null {
  const opened = useEditor().opened.value;
  if (!opened) return null;
  const words = `${opened.reader} · ${opened.opened_at} · ${opened.mark}`;
  return (
    <div class="watermark" aria-hidden="true">
      {Array.from({ length: 40 }, (_none, n) => (
        <span key={n} data-words={words} />
      ))}
    </div>
  );
}
