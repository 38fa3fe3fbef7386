// What every part of the editor's page is given.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ItemSource, Language } from "../../common/wire";
import type { Editor } from "../ctrl";

export const EditorOf = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorOf);
  if (!editor) throw new Error("outside the editor");
  return editor;
}

/** One language of the item, as a column shows it. */
export interface ColumnProps {
  readonly item: ItemSource;
  readonly language: Language;
}

/** What a place is called in a comment or a remark: `ky.options.2`. */
export const anchorOf = (language: Language, part: string) => `${language}.${part}`;
