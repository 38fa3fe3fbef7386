// Answers that are typed: a number, words that count as right, or a text that people mark by a rubric.
import type { VNode } from "preact";
import { useId } from "preact/hooks";
import { _ } from "../../common/i18n";
import type { ItemSource, Language } from "../../common/wire";
import { everyText, put, setLine, textOf, without, withText } from "../change";
import { anchorOf, useEditor } from "./context";
import { RichField } from "./RichField";
import { Row } from "./Row";

export function Entry({ item }: { item: ItemSource }): VNode {
  const editor = useEditor();
  const id = useId();
  const isNumber = item.number !== null;
  const choose = (number: boolean) =>
    editor.edit((now) =>
      number
        ? { ...everyText(now, (text) => ({ ...text, accepted: [] })), number: "", tolerance: null }
        : { ...everyText(now, (text) => ({ ...text, accepted: text.accepted.length ? text.accepted : [""] })), number: null, tolerance: null },
    );
  return (
    <fieldset class="answers" data-anchor="options" disabled={!editor.mayWrite.value}>
      <legend class="answers__title">{_("Right answer")}</legend>
      <div class="button-row">
        {[true, false].map((number) => (
          <label key={String(number)} class="right">
            <input type="radio" name={`${id}-kind`} checked={isNumber === number} disabled={!editor.mayClassify} onChange={() => choose(number)} />
            <span>{number ? _("a number") : _("words")}</span>
          </label>
        ))}
      </div>
      {isNumber ? (
        <div class="numbers">
          <Short label={_("Number")} hint={_("1,5 and 3/2 count as the same")} value={item.number ?? ""} onInput={(number) => editor.edit((now) => ({ ...now, number }))} />
          <Short label={_("May differ by")} hint={_("empty: not at all")} value={item.tolerance ?? ""} onInput={(given) => editor.edit((now) => ({ ...now, tolerance: given.trim() || null }))} />
        </div>
      ) : (
        <Row item={item}>{(language) => <Accepted item={item} language={language} />}</Row>
      )}
    </fieldset>
  );
}

function Short({ label, hint, value, onInput }: { label: string; hint: string; value: string; onInput: (value: string) => void }): VNode {
  const editor = useEditor();
  const id = useId();
  return (
    <div>
      <label class="field__label" for={id}>
        {label}
      </label>
      <span class="field__hint">{hint}</span>
      <input id={id} class="govuk-input govuk-input--width-10" maxLength={40} disabled={!editor.mayClassify} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
    </div>
  );
}

/** Each language has its own words that count; small letters and spaces do not matter. */
function Accepted({ item, language }: { item: ItemSource; language: Language }): VNode {
  const editor = useEditor();
  const { accepted } = textOf(item, language);
  const isLocked = !editor.mayClassify;
  return (
    <>
      {accepted.map((line, at) => (
        <div key={at} class="accepted" data-anchor={anchorOf(language, `accepted.${at + 1}`)}>
          <input
            class="govuk-input"
            lang={language}
            aria-label={_("Answer %(n)s that counts as right", { n: at + 1 })}
            value={line}
            disabled={isLocked}
            maxLength={200}
            onInput={(event) => {
              const written = event.currentTarget.value;
              editor.edit((now) => setLine(now, language, "accepted", at, written));
            }}
          />
          {!isLocked && accepted.length > 1 && (
            <button type="button" class="tool" aria-label={_("Remove answer %(n)s", { n: at + 1 })} onClick={() => editor.edit((now) => withText(now, language, { accepted: without(textOf(now, language).accepted, at) }))}>
              ✕
            </button>
          )}
        </div>
      ))}
      {!isLocked && accepted.length < 12 && (
        <button type="button" class="govuk-button govuk-button--secondary answers__add" onClick={() => editor.edit((now) => withText(now, language, { accepted: [...textOf(now, language).accepted, ""] }))}>
          {_("Add another spelling")}
        </button>
      )}
    </>
  );
}

export function Extended({ item }: { item: ItemSource }): VNode {
  const editor = useEditor();
  const words = (at: number, given: string) =>
    editor.edit((now) => ({ ...now, words: put(now.words.map(String), at, given).map((each) => (/^\d{1,4}$/u.test(each) ? Number(each) : null)) }));
  return (
    <fieldset class="answers" data-anchor="rubric">
      <legend class="answers__title">{_("Text by the candidate")}</legend>
      <div class="numbers">
        <Short label={_("At least words")} hint={_("advice, never enforced")} value={String(item.words[0] ?? "")} onInput={(given) => words(0, given)} />
        <Short label={_("At most words")} hint={_("may be empty")} value={String(item.words[1] ?? "")} onInput={(given) => words(1, given)} />
      </div>
      <Row item={item}>
        {(language) => (
          <RichField
            item={item}
            language={language}
            part="rubric"
            label={_("Rubric for the markers")}
            hint={_("What earns how many points. Candidates never see it.")}
            isBlock
            source={textOf(item, language).rubric}
            onChange={(rubric) => editor.edit((now) => withText(now, language, { rubric }))}
          />
        )}
      </Row>
    </fieldset>
  );
}
