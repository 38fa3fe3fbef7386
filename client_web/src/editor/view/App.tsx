// The page of one manuscript: the text at the left, what it looks like and what is remarked of it at the right.
import type { VNode } from "preact";
import { LiveRegion } from "../../common/shell";
import { _ } from "../../common/i18n";
import type { ItemSource } from "../../common/wire";
import { addMenu, everyText, nextGap, textOf, withText } from "../change";
import type { Editor } from "../ctrl";
import { Answers } from "./Answers";
import { Classify } from "./Classify";
import { EditorOf, useEditor } from "./context";
import { Figures, Recording } from "./Files";
import { Head } from "./Head";
import { Languages } from "./Languages";
import { Preview, Watermark } from "./Preview";
import { Remarks, SaidHere } from "./Remarks";
import { RichField } from "./RichField";
import { Row } from "./Row";

export function App({ editor }: { editor: Editor }): VNode {
  const { opened, item, failure } = editor;
  return (
    <EditorOf.Provider value={editor}>
      {failure.value ? (
        <p class="govuk-inset-text" role="alert">
          {failure.value}
        </p>
      ) : !opened.value || !item.value ? (
        <p role="status">{_("One moment…")}</p>
      ) : (
        <>
          <Head opened={opened.value} />
          <Languages item={item.value} />
          <div class="editor">
            <div class="editor__text panel">
              <Classify item={item.value} />
              <Text item={item.value} />
            </div>
            <div class="editor__beside">
              <Preview />
              <SaidHere />
              <Remarks />
            </div>
          </div>
          <Watermark />
        </>
      )}
      <LiveRegion />
    </EditorOf.Provider>
  );
}

function Text({ item }: { item: ItemSource }): VNode {
  const editor = useEditor();
  const hasGaps = item.type === "inline_choice" || item.type === "gap_match";
  return (
    <>
      {item.passage !== null && (
        <Row item={item}>
          {(language) => (
            <RichField
              item={item}
              language={language}
              part="passage"
              label={_("Passage")}
              hint={_("The text that the item is read beside.")}
              isBlock
              source={textOf(item, language).passage ?? ""}
              onChange={(passage) => editor.edit((now) => withText(now, language, { passage }))}
            />
          )}
        </Row>
      )}
      <Recording item={item} />
      <Row item={item}>
        {(language) => (
          <RichField
            item={item}
            language={language}
            part="stem"
            label={_("Question")}
            isBlock
            source={textOf(item, language).stem}
            onChange={(stem) => editor.edit((now) => withText(now, language, { stem }))}
            {...(hasGaps ? { gap: () => newGap(editor, item, nextGap(textOf(editor.item.peek() ?? item, language).stem)) } : {})}
          />
        )}
      </Row>
      <Answers item={item} />
      <Figures item={item} />
      {item.type !== "hotspot" && item.type !== "text_entry" && item.type !== "extended_text" && item.type !== "ordering" && (
        <label class="right">
          <input
            type="checkbox"
            checked={item.shuffle}
            disabled={!editor.mayClassify}
            onChange={(event) => {
              const shuffle = event.currentTarget.checked;
              editor.edit((now) => ({ ...now, shuffle }));
            }}
          />
          <span>{_("Each candidate gets the answers in an order of their own")}</span>
        </label>
      )}
    </>
  );
}

/** A gap needs its drop-down, or its word. */
function newGap(editor: Editor, item: ItemSource, n: string): string {
  const menus = Object.values(item.texts)[0]?.menus.length ?? 0;
  if (item.type === "inline_choice" && Number(n) > menus) editor.edit(addMenu);
  if (item.type === "gap_match") editor.edit((now) => everyText(now, (text) => (text.options.length > Number(n) ? text : { ...text, options: [...text.options, ""] })));
  return n;
}
