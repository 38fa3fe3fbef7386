// What is remarked of the text: errors first, each leads to its place.
import type { VNode } from "preact";
import { _, LANGUAGES, ngettext } from "../../common/i18n";
import { goTo, languageOf } from "../places";
import { useEditor } from "./context";

export function Remarks(): VNode {
  const editor = useEditor();
  const remarks = editor.looks.value?.remarks ?? [];
  const errors = remarks.filter(({ severity }) => severity === "error").length;
  return (
    <section class="panel remarks" aria-labelledby="remarks-title">
      <h2 class="govuk-heading-s" id="remarks-title">
        {_("To look at")}
      </h2>
      <p role="status" class="remarks__sum">
        {remarks.length === 0
          ? _("Nothing is remarked of this text.")
          : errors > 0
            ? ngettext("%(n)s error must go before it is handed in.", "%(n)s errors must go before it is handed in.", errors)
            : _("No errors. Decide yourself what of this to mend.")}
      </p>
      <ul class="remarks__list">
        {remarks.map((each, n) => (
          <li key={n} class={`remarks__item remarks__item--${each.severity}`}>
            <button type="button" class="remarks__button" onClick={() => goTo(editor, each.anchor)}>
              <span class="remarks__kind">{each.severity === "error" ? _("Error") : _("Advice")}</span>
              <span class="remarks__place">{placeName(each.anchor)}</span>
              <span>{each.sentence}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What readers said and nobody has settled yet; answers are given on the readers' page. */
export function SaidHere(): VNode | null {
  const editor = useEditor();
  const opened = editor.opened.value;
  const open = (opened?.said ?? []).filter((each) => !each.is_settled);
  if (!opened || !open.length) return null;
  const page = `/bank/manuscripts/${opened.id}/reading`;
  return (
    <section class="panel remarks" aria-labelledby="said-title">
      <h2 class="govuk-heading-s" id="said-title">
        {_("What readers say")}
      </h2>
      <ul class="remarks__list">
        {open.map((each, n) => (
          <li key={n} class="remarks__item remarks__item--said">
            <button type="button" class="remarks__button" onClick={() => goTo(editor, each.anchor)}>
              <span class="remarks__kind">{each.author}</span>
              <span class="remarks__place">{each.anchor ? placeName(each.anchor) : _("The text as a whole")}</span>
              <span>{each.body}</span>
            </button>
            {each.answer && <p class="remarks__answer">{_("Last answer: %(answer)s", { answer: each.answer })}</p>}
          </li>
        ))}
      </ul>
      <a class="govuk-link" href={page}>
        {_("Answer or settle it")}
      </a>
    </section>
  );
}

/** A place as people call it. */
export function placeName(anchor: string): string {
  const language = languageOf(anchor);
  const [part = "", n = "", m = ""] = (language ? anchor.split(".").slice(1) : anchor.split("."));
  const names: Readonly<Record<string, string>> = {
    stem: _("Question"),
    options: n ? _("Answer %(n)s", { n }) : _("Answers"),
    prompts: _("Line %(n)s", { n }),
    menus: _("Drop-down of gap %(n)s", { n }) + (m ? `, ${m}` : ""),
    passage: _("Passage"),
    figures: n,
    recording: _("Recording"),
    rubric: _("Rubric for the markers"),
    accepted: _("Right answer"),
    picture: _("Picture and places on it"),
  };
  const name = names[part] ?? "";
  return language ? `${LANGUAGES[language]}${name ? `, ${name}` : ""}` : name;
}
