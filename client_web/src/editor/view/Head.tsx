// Which item this is, whether it is kept, and what its author can do with it.
import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";
import { announce } from "../../common/dom";
import { _ } from "../../common/i18n";
import { Dialog, Pill, type PillKind } from "../../common/shell";
import type { ItemSource, Manuscript } from "../../common/wire";
import { LANGUAGES } from "../../common/i18n";
import { languagesOf } from "../change";
import type { Keeping } from "../ctrl";
import { useEditor } from "./context";
import { changesOf, Difference } from "./Languages";

const PILLS: Readonly<Record<Keeping, PillKind>> = { kept: "good", typing: "busy", saving: "busy", waiting: "wait", stale: "off", refused: "off" };

function keepingName(keeping: Keeping): string {
  switch (keeping) {
    case "kept":
      return _("Everything is kept");
    case "typing":
    case "saving":
      return _("Saving…");
    case "waiting":
      return _("No connection: your text is in this window and goes out when there is one");
    case "stale":
      return _("Another text was kept meanwhile");
    case "refused":
      return _("Not kept");
  }
}

export function stateName(state: string): string {
  const names: Readonly<Record<string, string>> = {
    draft: _("Draft"),
    content_review: _("Reading of the content"),
    language_review: _("Reading of the languages"),
    pretest: _("Pretest"),
    calibrated: _("Calibrated"),
    approved: _("Approved for tests"),
    in_use: _("In use"),
    resting: _("At rest"),
    retired: _("Retired"),
  };
  return names[state] ?? state;
}

export function Head({ opened }: { opened: Manuscript }): VNode {
  const editor = useEditor();
  const keeping = editor.keeping.value;
  return (
    <div class="editor__head">
      <h1 class="govuk-heading-l">
        {opened.code} <small class="editor__number">{_("version %(n)s", { n: opened.number })}</small>
      </h1>
      <strong class="govuk-tag">{stateName(opened.state)}</strong>
      {editor.mayWrite.value ? (
        <span role="status">
          <Pill kind={PILLS[keeping]}>{keepingName(keeping)}</Pill>
        </span>
      ) : (
        <span>{_("You read this text; you cannot change it.")}</span>
      )}
      {editor.mayWrite.value && !editor.mayClassify && <span>{_("You may change words of the translation you read. Another reader reads them after you.")}</span>}
      <Acts opened={opened} />
      {editor.refusal.value && (
        <p class="editor__refusal" role="alert">
          {editor.refusal.value}
        </p>
      )}
      {editor.theirs.value && <Both mine={editor.item.value} theirs={editor.theirs.value} />}
    </div>
  );
}

function Acts({ opened }: { opened: Manuscript }): VNode | null {
  const editor = useEditor();
  const id = useId();
  const [asked, setAsked] = useState<"submit" | "withdraw" | "abandon" | null>(null);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState("");
  if (opened.purpose !== "author" || !["draft", "content_review", "language_review"].includes(opened.state)) return null;
  const ask = (verb: "submit" | "withdraw" | "abandon") => (setProblem(""), setAsked(verb));
  const done = async () => {
    if (!asked) return;
    const why = await editor.act(asked, reason);
    setProblem(why);
    if (why) return;
    announce(_("Done."));
    setAsked(null);
  };
  const titles = { submit: _("Hand it in?"), withdraw: _("Take it back?"), abandon: _("Give it up?") };
  const texts = {
    submit: _("A reader of the content gets it, then a reader of each language. You cannot change it meanwhile, but you can take it back."),
    withdraw: _("Its readers lose it, and you can go on writing. Handed in again, it is read from the start."),
    abandon: _("Nobody works on it any more. It stays sealed in the bank."),
  };
  return (
    <div class="button-row editor__acts">
      {opened.state === "draft" ? (
        <>
          <button type="button" class="govuk-button" onClick={() => ask("submit")}>
            {_("Hand in…")}
          </button>
          <button type="button" class="govuk-button govuk-button--secondary" onClick={() => ask("abandon")}>
            {_("Give up…")}
          </button>
        </>
      ) : (
        <button type="button" class="govuk-button govuk-button--secondary" onClick={() => ask("withdraw")}>
          {_("Take back…")}
        </button>
      )}
      {asked && (
        <Dialog title={titles[asked]} onCancel={() => setAsked(null)}>
          <p>{texts[asked]}</p>
          {asked === "abandon" && (
            <>
              <label class="field__label" for={`${id}-reason`}>
                {_("Why")}
              </label>
              <input id={`${id}-reason`} class="govuk-input" maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
            </>
          )}
          {problem && (
            <p class="field__remark field__remark--error" role="alert">
              {problem}
            </p>
          )}
          <div class="dialog__actions">
            <button type="button" class="govuk-button" onClick={() => void done()}>
              {asked === "submit" ? _("Hand in") : asked === "withdraw" ? _("Take back") : _("Give up")}
            </button>
            <button type="button" class="govuk-button govuk-button--secondary" onClick={() => setAsked(null)}>
              {_("Cancel")}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

/** Two texts of one manuscript: nothing is thrown away before both were seen. */
function Both({ mine, theirs }: { mine: ItemSource | null; theirs: Manuscript }): VNode | null {
  const editor = useEditor();
  if (!mine) return null;
  return (
    <Dialog title={_("Another text was kept meanwhile")} isAlarm>
      <p>{_("Somebody, or you in another window, kept another text since you opened this one. Struck out is what was kept, underlined what you have here.")}</p>
      {languagesOf(mine).map((language) => {
        const text = theirs.item.texts[language];
        const own = mine.texts[language];
        return (
          text &&
          own && (
            <dl key={language} class="stale__changes" lang={language}>
              {changesOf(text, own).map(([name, before, after]) => (
                <div key={name}>
                  <dt lang={document.documentElement.lang}>
                    {LANGUAGES[language]}, {name}
                  </dt>
                  <dd>
                    <Difference before={before} after={after} />
                  </dd>
                </div>
              ))}
            </dl>
          )
        );
      })}
      <div class="dialog__actions">
        <button type="button" class="govuk-button" onClick={() => editor.keepMine()}>
          {_("Keep what I have here")}
        </button>
        <button type="button" class="govuk-button govuk-button--secondary" onClick={() => editor.takeTheirs()}>
          {_("Take what was kept")}
        </button>
      </div>
    </Dialog>
  );
}
