// A figure for the text: one that is there already, or a new file with the words for those who do not see it.
import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";
import { Refusal } from "../../common/api";
import { _ } from "../../common/i18n";
import { Dialog } from "../../common/shell";
import { addFigure, changeFigure, textOf } from "../change";
import { useEditor, type ColumnProps } from "./context";

interface FigureDialogProps extends ColumnProps {
  readonly isPassage?: boolean;
  readonly isPicture?: boolean;
  readonly onCancel: () => void;
  readonly onDone: (name: string) => void;
}

export const LARGEST_PICTURE_KB = 256;

export function FigureDialog({ item, language, isPassage = false, isPicture = false, onCancel, onDone }: FigureDialogProps): VNode {
  const editor = useEditor();
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const [alternative, setAlternative] = useState("");
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const figures = isPicture ? [] : Object.entries(textOf(item, language).figures);
  const add = async () => {
    if (!file) return setProblem(_("Choose a file first."));
    if (file.size > LARGEST_PICTURE_KB * 1024) return setProblem(_("The file is larger than %(n)s kB. Make the picture smaller.", { n: LARGEST_PICTURE_KB }));
    if (!alternative.trim()) return setProblem(_("Say what the figure shows, for those who do not see it."));
    setBusy(true);
    try {
      const kept = await editor.addFile(file);
      if (kept.width === null) return setProblem(_("This is no picture."));
      let made = "";
      editor.edit((now) => {
        const added = addFigure(now, kept.digest, isPassage);
        made = added.name;
        return changeFigure(added.item, language, made, { alternative: alternative.trim() });
      });
      onDone(made);
    } catch (error) {
      setProblem(error instanceof Refusal ? error.message : _("The server cannot be reached. Try again in a while."));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={isPicture ? _("Picture with places") : _("Figure for the text")} onCancel={onCancel}>
      {figures.length > 0 && (
        <fieldset class="govuk-fieldset figures__known">
          <legend class="field__label">{_("A figure of this item")}</legend>
          {figures.map(([name, figure]) => (
            <button key={name} type="button" class="figures__choice" onClick={() => onDone(name)}>
              <img src={`${editor.api.files}${figure.digest}`} alt="" />
              <span lang={language}>{figure.alternative || name}</span>
            </button>
          ))}
        </fieldset>
      )}
      <label class="field__label" for={`${id}-file`}>
        {_("A new file: SVG, PNG or WebP")}
      </label>
      <input id={`${id}-file`} type="file" class="govuk-file-upload" accept=".svg,.png,.webp" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />
      <label class="field__label" for={`${id}-alternative`}>
        {_("What it shows, in a sentence")}
      </label>
      <span class="field__hint">{_("It is read out to those who do not see the figure. Do not give the answer away.")}</span>
      <input id={`${id}-alternative`} class="govuk-input" lang={language} maxLength={300} value={alternative} onInput={(event) => setAlternative(event.currentTarget.value)} />
      {problem && (
        <p class="field__remark field__remark--error" role="alert">
          {problem}
        </p>
      )}
      <div class="dialog__actions">
        <button type="button" class="govuk-button" aria-disabled={isBusy} onClick={() => void (isBusy || add())}>
          {isBusy ? _("One moment…") : _("Add")}
        </button>
        <button type="button" class="govuk-button govuk-button--secondary" onClick={onCancel}>
          {_("Cancel")}
        </button>
      </div>
    </Dialog>
  );
}
