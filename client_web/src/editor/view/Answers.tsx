// What is answered, by type: right answers marked, places added, taken away and moved by mouse and by keyboard alike.
import type { ComponentChildren, VNode } from "preact";
import { announce } from "../../common/dom";
import { _ } from "../../common/i18n";
import type { ItemSource, Language } from "../../common/wire";
import { addLine, addMenu, changeMenu, languagesOf, makeRight, makeWrong, moveLine, moved, removeLine, removeMenu, setLine, setMenuLine, textOf, without, type Part } from "../change";
import { Areas } from "./Areas";
import { useEditor } from "./context";
import { Entry, Extended } from "./Typed";
import { RichField } from "./RichField";
import { Row } from "./Row";

const MOST: Partial<Record<ItemSource["type"], number>> = { hotspot: 12, gap_match: 12 };
const LETTERED = 8;

interface AnswersProps {
  readonly item: ItemSource;
}

export function Answers({ item }: AnswersProps): VNode {
  switch (item.type) {
    case "choice":
    case "multiple_choice":
      return <Lines item={item} part="options" title={_("Answers")} hint={_("Candidates see them mixed; here the right ones stand first.")} label={(n) => _("Answer %(n)s", { n })} isMarked least={2} />;
    case "ordering":
      return <Lines item={item} part="options" title={_("Lines in their right order")} hint={_("Candidates see them mixed.")} label={(n) => _("Line %(n)s", { n })} mayMove least={3} />;
    case "matching":
      return (
        <>
          <Lines item={item} part="prompts" title={_("What is matched")} label={(n) => _("Line %(n)s", { n })} least={2} />
          <Lines
            item={item}
            part="options"
            title={_("With what")}
            hint={_("The first belongs to line 1, the second to line 2 and so on; those left over belong to none.")}
            label={(n) => (n <= prompts(item) ? _("Belongs to line %(n)s", { n }) : _("Belongs to none"))}
            mayMove
            least={2}
          />
        </>
      );
    case "gap_match":
      return (
        <Lines
          item={item}
          part="options"
          title={_("Words for the gaps")}
          hint={_("The first belongs into gap 1, the second into gap 2 and so on; those left over belong into none.")}
          label={(n) => (n <= gaps(item) ? _("Word of gap %(n)s", { n }) : _("Belongs into none"))}
          mayMove
          least={2}
        />
      );
    case "inline_choice":
      return <Menus item={item} />;
    case "hotspot":
      return (
        <>
          <Areas item={item} />
          <Lines item={item} part="options" title={_("Names of the places")} hint={_("A name is heard, not seen. It must not give the answer away.")} label={(n) => _("Place %(n)s", { n })} isMarked least={2} />
        </>
      );
    case "text_entry":
      return <Entry item={item} />;
    case "extended_text":
      return <Extended item={item} />;
  }
}

const first = (item: ItemSource) => textOf(item, languagesOf(item)[0] ?? "ky");
const prompts = (item: ItemSource) => first(item).prompts.length;
const gaps = (item: ItemSource) => [...first(item).stem.matchAll(/\[\[\d{1,2}\]\]/gu)].length;

interface LinesProps extends AnswersProps {
  readonly part: Part;
  readonly title: string;
  readonly hint?: string;
  readonly label: (n: number) => string;
  readonly least: number;
  readonly isMarked?: boolean;
  readonly mayMove?: boolean;
}

function Lines({ item, part, title, hint, label, least, isMarked = false, mayMove = false }: LinesProps): VNode {
  const editor = useEditor();
  const lines = first(item)[part];
  const most = part === "options" ? (MOST[item.type] ?? LETTERED) : LETTERED;
  return (
    <fieldset class="answers" data-anchor={part}>
      <legend class="answers__title">{title}</legend>
      {hint && <p class="field__hint">{hint}</p>}
      {lines.map((_line, at) => {
        const isRight = isMarked && at < item.n_right;
        return (
          <Row
            key={at}
            item={item}
            controls={
              <LineControls
                name={label(at + 1)}
                at={at}
                count={lines.length}
                onMove={mayMove ? (to) => editor.edit((now) => moveLine(now, part, at, to)) : null}
                onRemove={lines.length > least ? () => editor.edit((now) => removeLine(now, part, at)) : null}
              >
                {isMarked && <Mark item={item} at={at} name={label(at + 1)} isRight={isRight} />}
              </LineControls>
            }
          >
            {(language) => (
              <RichField
                item={item}
                language={language}
                part={`${part}.${at + 1}`}
                label={isMarked ? (isRight ? _("%(name)s, right", { name: label(at + 1) }) : _("%(name)s, wrong", { name: label(at + 1) })) : label(at + 1)}
                isLabelHidden={isMarked}
                source={textOf(item, language)[part][at] ?? ""}
                onChange={(written) => editor.edit((now) => setLine(now, language, part, at, written))}
              />
            )}
          </Row>
        );
      })}
      {editor.mayClassify && lines.length < most && <Add onAdd={() => editor.edit((now) => addLine(now, part))} />}
    </fieldset>
  );
}

/** Whether the answer is right: one of them, or as many as are. */
function Mark({ item, at, name, isRight }: { item: ItemSource; at: number; name: string; isRight: boolean }): VNode {
  const editor = useEditor();
  const isOne = item.type === "choice";
  const change = () => {
    editor.edit((now) => (isRight && !isOne ? makeWrong(now, at) : makeRight(now, at)));
    announce(isRight && !isOne ? _("%(name)s is wrong now.", { name }) : _("%(name)s is right now and stands first.", { name }));
  };
  return (
    <label class={`right ${isRight ? "right--yes" : ""}`}>
      <input type={isOne ? "radio" : "checkbox"} name={isOne ? "right-answer" : undefined} checked={isRight} disabled={!editor.mayClassify} onChange={change} />
      <span aria-hidden="true">{isRight ? _("Right") : _("Wrong")}</span>
      <span class="govuk-visually-hidden">{_("%(name)s is right", { name })}</span>
    </label>
  );
}

interface LineControlsProps {
  readonly name: string;
  readonly at: number;
  readonly count: number;
  readonly onMove: ((to: number) => void) | null;
  readonly onRemove: (() => void) | null;
  readonly children?: ComponentChildren;
}

export function LineControls({ name, at, count, onMove, onRemove, children }: LineControlsProps): VNode {
  const editor = useEditor();
  if (!editor.mayClassify) return <>{children}</>;
  const go = (to: number) => {
    if (to < 0 || to >= count) return;
    onMove?.(to);
    announce(_("%(name)s is now at place %(n)s.", { name, n: to + 1 }));
  };
  return (
    <>
      {children}
      {onMove && (
        <>
          <button type="button" class="tool" aria-label={_("Move up: %(name)s", { name })} aria-disabled={at === 0} onClick={() => go(at - 1)}>
            ↑
          </button>
          <button type="button" class="tool" aria-label={_("Move down: %(name)s", { name })} aria-disabled={at === count - 1} onClick={() => go(at + 1)}>
            ↓
          </button>
        </>
      )}
      {onRemove && (
        <button type="button" class="tool" aria-label={_("Remove: %(name)s", { name })} onClick={onRemove}>
          ✕
        </button>
      )}
    </>
  );
}

export function Add({ onAdd, label = _("Add one more") }: { onAdd: () => void; label?: string }): VNode {
  return (
    <button type="button" class="govuk-button govuk-button--secondary answers__add" onClick={onAdd}>
      {label}
    </button>
  );
}

const MOST_IN_MENU = 5;

function Menus({ item }: AnswersProps): VNode {
  const editor = useEditor();
  const { menus } = first(item);
  return (
    <>
      {menus.map((menu, n) => {
        const title = _("Drop-down of gap %(n)s", { n: n + 1 });
        return (
          <fieldset key={n} class="answers" data-anchor={`menus.${n + 1}`}>
            <legend class="answers__title">{title}</legend>
            <p class="field__hint">{_("The first is right. Plain words only, without formulas.")}</p>
            {menu.map((_line, at) => {
              const name = at === 0 ? _("Right") : _("Wrong %(n)s", { n: at });
              return (
                <Row
                  key={at}
                  item={item}
                  controls={
                    <LineControls
                      name={name}
                      at={at}
                      count={menu.length}
                      onMove={(to) => editor.edit((now) => changeMenu(now, n, (lines) => moved(lines, at, to)))}
                      onRemove={menu.length > 2 ? () => editor.edit((now) => changeMenu(now, n, (lines) => without(lines, at))) : null}
                    />
                  }
                >
                  {(language: Language) => (
                    <RichField
                      item={item}
                      language={language}
                      part={`menus.${n + 1}.${at + 1}`}
                      label={name}
                      source={textOf(item, language).menus[n]?.[at] ?? ""}
                      onChange={(written) => editor.edit((now) => setMenuLine(now, language, n, at, written))}
                    />
                  )}
                </Row>
              );
            })}
            {editor.mayClassify && (
              <div class="button-row">
                {menu.length < MOST_IN_MENU && <Add onAdd={() => editor.edit((now) => changeMenu(now, n, (lines) => [...lines, ""]))} />}
                {menus.length > 1 && <Add label={_("Remove this drop-down")} onAdd={() => editor.edit((now) => removeMenu(now, n))} />}
              </div>
            )}
          </fieldset>
        );
      })}
      {editor.mayClassify && menus.length < MOST_IN_MENU && <Add label={_("Add a drop-down")} onAdd={() => editor.edit(addMenu)} />}
    </>
  );
}
