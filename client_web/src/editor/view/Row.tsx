// One place of the text in the language that is written, and beside it in another one.
import type { ComponentChildren, VNode } from "preact";
import type { ItemSource, Language } from "../../common/wire";
import { useEditor } from "./context";

interface RowProps {
  readonly item: ItemSource;
  /** Stands once, before the place: a number, buttons to move it. */
  readonly controls?: ComponentChildren;
  readonly children: (language: Language) => ComponentChildren;
}

export function Row({ item, controls, children }: RowProps): VNode {
  const editor = useEditor();
  const { left, right } = { left: editor.left.value, right: editor.right.value };
  const isBoth = right !== null && item.texts[right] !== undefined;
  return (
    <div class={`row ${isBoth ? "row--both" : ""}`}>
      {controls && <div class="row__controls">{controls}</div>}
      <div class="row__text">{children(left)}</div>
      {isBoth && <div class="row__text">{children(right)}</div>}
    </div>
  );
}
