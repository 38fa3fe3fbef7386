// What a text of an item is made of while it is edited: paragraphs or one line, two marks, and three things in a line.
import { Schema, type Node } from "prosemirror-model";

export type { Node };

const atom = { group: "inline", inline: true, atom: true, marks: "" } as const;

function schemaOf(top: string): Schema {
  return new Schema({
    nodes: {
      doc: { content: top },
      paragraph: { content: "inline*", toDOM: () => ["p", 0] },
      text: { group: "inline" },
      br: { group: "inline", inline: true, selectable: false, toDOM: () => ["br"] },
      formula: { ...atom, attrs: { latex: {}, said: { default: null } }, toDOM: (node) => ["span", { class: "written-formula" }, String(node.attrs["latex"])] },
      figure: { ...atom, attrs: { name: {} }, toDOM: (node) => ["span", { class: "written-figure" }, String(node.attrs["name"])] },
      gap: { ...atom, attrs: { id: {} }, toDOM: (node) => ["span", { class: "written-gap" }, String(node.attrs["id"])] },
    },
    marks: {
      strong: { toDOM: () => ["strong", 0] },
      em: { toDOM: () => ["em", 0] },
    },
  });
}

/** Texts with paragraphs, and texts of one line such as an option. */
export const BLOCK = schemaOf("paragraph+");
export const LINE = schemaOf("inline*");
