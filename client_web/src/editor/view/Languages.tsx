// Which language is written, which stands beside it, and how far translations still fit their origin.
import type { VNode } from "preact";
import { _, LANGUAGES } from "../../common/i18n";
import type { ItemSource, Language, TextSource } from "../../common/wire";
import { LANGUAGE_ORDER, languagesOf, textOf, withLanguage, withoutLanguage } from "../change";
import { difference } from "../diff";
import { useEditor } from "./context";

export function Languages({ item }: { item: ItemSource }): VNode {
  const editor = useEditor();
  const opened = editor.opened.value;
  const { left, right } = { left: editor.left.value, right: editor.right.value };
  const there = languagesOf(item);
  if (!opened) return <></>;
  const state = (language: Language) =>
    language === opened.origin ? _("origin") : opened.missing.includes(language) ? _("not written yet") : opened.stale.includes(language) ? _("does not fit the origin any more") : _("fits the origin");
  return (
    <div class="tongues">
      <div class="tongues__row" role="group" aria-label={_("Language that is written")}>
        <span class="field__label">{_("Text in")}</span>
        {there.map((language) => (
          <button key={language} type="button" class={`tool ${opened.stale.includes(language) ? "tool--stale" : ""}`} aria-pressed={left === language} onClick={() => editor.showLanguage("left", language)}>
            <span lang={language}>{LANGUAGES[language]}</span> <small>{state(language)}</small>
          </button>
        ))}
        {editor.mayClassify &&
          LANGUAGE_ORDER.filter((language) => !there.includes(language)).map((language) => (
            <button
              key={language}
              type="button"
              class="tool"
              onClick={() => {
                editor.edit((now) => withLanguage(now, opened.origin, language));
                if (language !== left) editor.showLanguage("right", language);
              }}
            >
              {_("Add a text: %(language)s", { language: LANGUAGES[language] })}
            </button>
          ))}
      </div>
      <div class="tongues__row" role="group" aria-label={_("Beside it")}>
        <span class="field__label">{_("Beside it")}</span>
        <button type="button" class="tool" aria-pressed={right === null} onClick={() => editor.showLanguage("right", null)}>
          {_("nothing")}
        </button>
        {there
          .filter((language) => language !== left)
          .map((language) => (
            <button key={language} type="button" class="tool" lang={language} aria-pressed={right === language} onClick={() => editor.showLanguage("right", language)}>
              {LANGUAGES[language]}
            </button>
          ))}
        {editor.mayClassify && left !== opened.origin && (
          <button
            type="button"
            class="tool"
            onClick={() => {
              editor.showLanguage("left", opened.origin);
              editor.edit((now) => withoutLanguage(now, left));
            }}
          >
            {_("Remove the text: %(language)s", { language: LANGUAGES[left] })}
          </button>
        )}
      </div>
      {[left, right].map((language) => language && opened.stale.includes(language) && !opened.missing.includes(language) && <Stale key={language} item={item} language={language} origin={opened.origin} />)}
    </div>
  );
}

/** What the origin said when the translation was made, and what it says now. */
function Stale({ item, language, origin }: { item: ItemSource; language: Language; origin: Language }): VNode {
  const editor = useEditor();
  const before = editor.opened.value?.made_from[language];
  const now = textOf(item, origin);
  return (
    <div class="stale" role="region" aria-label={_("Translation that does not fit any more")}>
      <p>{_("The text of origin (%(origin)s) has changed since the text in %(language)s was made.", { origin: LANGUAGES[origin], language: LANGUAGES[language] })}</p>
      {before ? (
        <dl class="stale__changes" lang={origin}>
          {changesOf(before, now).map(([name, one, other]) => (
            <div key={name}>
              <dt lang={document.documentElement.lang}>{name}</dt>
              <dd>
                <Difference before={one} after={other} />
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <p>{_("What it said then was not kept.")}</p>
      )}
      {editor.may(language) && (
        <button type="button" class="govuk-button govuk-button--secondary" onClick={() => editor.confirm(language)}>
          {_("The text in %(language)s still fits", { language: LANGUAGES[language] })}
        </button>
      )}
    </div>
  );
}

export function Difference({ before, after }: { before: string; after: string }): VNode {
  return (
    <>
      {difference(before, after).map(({ kind, text }, n) => (kind === "gone" ? <del key={n}>{text}</del> : kind === "new" ? <ins key={n}>{text}</ins> : <span key={n}>{text}</span>))}
    </>
  );
}

/** The places that say something else: their name, then and now. */
export function changesOf(before: TextSource, after: TextSource): (readonly [string, string, string])[] {
  const places = (text: TextSource) =>
    new Map<string, string>([
      [_("Question"), text.stem],
      [_("Passage"), text.passage ?? ""],
      ...text.options.map((line, n) => [_("Answer %(n)s", { n: n + 1 }), line] as const),
      ...text.prompts.map((line, n) => [_("Line %(n)s", { n: n + 1 }), line] as const),
      ...text.menus.map((menu, n) => [_("Drop-down of gap %(n)s", { n: n + 1 }), menu.join(" | ")] as const),
      [_("Right answer"), text.accepted.join(" | ")],
      [_("Rubric for the markers"), text.rubric],
      [_("Figures"), Object.entries(text.figures).map(([name, each]) => `${name}: ${each.alternative} ${each.description ?? ""}`).join(" | ")],
      [_("Recording"), text.recording ? `${text.recording.title}: ${text.recording.transcript}` : ""],
    ]);
  const [one, other] = [places(before), places(after)];
  return [...new Set([...one.keys(), ...other.keys()])]
    .map((name) => [name, one.get(name) ?? "", other.get(name) ?? ""] as const)
    .filter(([, then, now]) => then !== now);
}
