// Figures and the recording of an item: what is said of them in each language.
import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";
import { Refusal } from "../../common/api";
import { _ } from "../../common/i18n";
import type { ItemSource, Language, RecordingSource } from "../../common/wire";
import { changeFigure, everyText, languagesOf, removeFigure, textOf, withText } from "../change";
import { anchorOf, useEditor } from "./context";
import { RichField } from "./RichField";
import { Row } from "./Row";

export function Figures({ item }: { item: ItemSource }): VNode | null {
  const editor = useEditor();
  const names = [...new Set(languagesOf(item).flatMap((language) => Object.keys(textOf(item, language).figures)))].sort();
  if (!names.length) return null;
  return (
    <fieldset class="answers" data-anchor="figures">
      <legend class="answers__title">{_("Figures")}</legend>
      {names.map((name) => (
        <Row
          key={name}
          item={item}
          controls={
            editor.mayClassify && (
              <button type="button" class="tool" aria-label={_("Remove the figure %(name)s", { name })} onClick={() => editor.edit((now) => removeFigure(now, name))}>
                ✕
              </button>
            )
          }
        >
          {(language) => <FigureWords item={item} language={language} name={name} />}
        </Row>
      ))}
    </fieldset>
  );
}

function FigureWords({ item, language, name }: { item: ItemSource; language: Language; name: string }): VNode | null {
  const editor = useEditor();
  const id = useId();
  const figure = textOf(item, language).figures[name];
  const anchor = anchorOf(language, `figures.${name}`);
  const remarks = (editor.looks.value?.remarks ?? []).filter((each) => each.anchor === anchor);
  if (!figure) return null;
  return (
    <div class="figure-words" data-anchor={anchor}>
      <img src={`${editor.api.files}${figure.digest}`} alt="" />
      <div>
        <label class="field__label" for={id}>
          {_("%(name)s: what it shows", { name })}
        </label>
        <input
          id={id}
          class="govuk-input"
          lang={language}
          maxLength={300}
          value={figure.alternative}
          disabled={!editor.may(language)}
          onInput={(event) => {
            const alternative = event.currentTarget.value;
            editor.edit((now) => changeFigure(now, language, name, { alternative }));
          }}
        />
        {remarks.map((each) => (
          <p key={each.sentence} class={`field__remark field__remark--${each.severity}`}>
            {each.sentence}
          </p>
        ))}
        {figure.description === null ? (
          editor.may(language) && (
            <button type="button" class="tool" onClick={() => editor.edit((now) => changeFigure(now, language, name, { description: "" }))}>
              {_("Describe it at length")}
            </button>
          )
        ) : (
          <>
            <RichField
              item={item}
              language={language}
              part={`figures.${name}.description`}
              label={_("Description, for those who open it")}
              isBlock
              source={figure.description}
              onChange={(description) => editor.edit((now) => changeFigure(now, language, name, { description }))}
            />
            {editor.may(language) && (
              <button type="button" class="tool" onClick={() => editor.edit((now) => changeFigure(now, language, name, { description: null }))}>
                {_("Remove the description")}
              </button>
            )}
          </>
        )}
      </div>
    </div>
  );
}

const LARGEST_SOUND_MB = 7;

export function Recording({ item }: { item: ItemSource }): VNode | null {
  const editor = useEditor();
  const id = useId();
  const [problem, setProblem] = useState("");
  const texts = languagesOf(item).map((language) => textOf(item, language));
  const isThere = texts.some((text) => text.recording);
  const add = async (language: Language, file: File | undefined) => {
    if (!file) return;
    if (file.size > LARGEST_SOUND_MB * 1024 * 1024) return setProblem(_("The recording is larger than %(n)s MB.", { n: LARGEST_SOUND_MB }));
    try {
      const kept = await editor.addFile(file);
      if (kept.duration_ms === null) return setProblem(_("This is no recording."));
      setProblem("");
      editor.edit((now) => withFile(now, language, kept.digest));
    } catch (error) {
      setProblem(error instanceof Refusal ? error.message : _("The server cannot be reached. Try again in a while."));
    }
  };
  if (!isThere && !editor.mayClassify) return null;
  return (
    <details class="more" open={isThere}>
      <summary>{_("Recording to listen to")}</summary>
      {problem && (
        <p class="field__remark field__remark--error" role="alert">
          {problem}
        </p>
      )}
      <Row item={item}>
        {(language) => (
          <>
            {editor.mayClassify && (
              <>
                <label class="field__label" for={`${id}-${language}`}>
                  {_("File: WAV, Ogg Opus or MP3")}
                </label>
                <input id={`${id}-${language}`} type="file" class="govuk-file-upload" accept=".wav,.opus,.ogg,.mp3" onChange={(event) => void add(language, event.currentTarget.files?.[0])} />
              </>
            )}
            <RecordingWords item={item} language={language} />
          </>
        )}
      </Row>
      {isThere && editor.mayClassify && (
        <button type="button" class="govuk-button govuk-button--secondary answers__add" onClick={() => editor.edit((now) => everyText(now, (text) => ({ ...text, recording: null })))}>
          {_("Remove the recording")}
        </button>
      )}
    </details>
  );
}

/** A first file stands in every language until another is given; titles and texts are each language's own. */
function withFile(item: ItemSource, language: Language, digest: string): ItemSource {
  return everyText(item, (text, each) => {
    if (each !== language && text.recording) return text;
    const known = text.recording ?? { title: "", transcript: "", plays: 2 };
    return { ...text, recording: { ...known, digest } };
  });
}

function RecordingWords({ item, language }: { item: ItemSource; language: Language }): VNode | null {
  const editor = useEditor();
  const id = useId();
  const { recording } = textOf(item, language);
  if (!recording) return null;
  const change = (to: Partial<RecordingSource>) =>
    editor.edit((now) => {
      const known = textOf(now, language).recording;
      return known ? withText(now, language, { recording: { ...known, ...to } }) : now;
    });
  const isLocked = !editor.may(language);
  return (
    <div data-anchor={anchorOf(language, "recording")}>
      <audio class="recording__sound" controls preload="none" src={`${editor.api.files}${recording.digest}`} />
      <label class="field__label" for={`${id}-title`}>
        {_("Title")}
      </label>
      <input id={`${id}-title`} class="govuk-input" lang={language} maxLength={120} disabled={isLocked} value={recording.title} onInput={(event) => change({ title: event.currentTarget.value })} />
      <label class="field__label" for={`${id}-plays`}>
        {_("How often it may be heard")}
      </label>
      <select
        id={`${id}-plays`}
        class="govuk-select"
        disabled={!editor.mayClassify}
        value={String(recording.plays)}
        onChange={(event) => {
          const plays = Number(event.currentTarget.value);
          editor.edit((now) => everyText(now, (text) => ({ ...text, recording: text.recording && { ...text.recording, plays } })));
        }}
      >
        {[1, 2, 3, 4, 5].map((n) => (
          <option key={n} value={n}>
            {n}
          </option>
        ))}
      </select>
      <RichField
        item={item}
        language={language}
        part="recording.transcript"
        label={_("Text of the recording")}
        hint={_("For those who cannot hear it; others do not see it.")}
        isBlock
        source={recording.transcript}
        onChange={(transcript) => change({ transcript })}
      />
    </div>
  );
}
