// The one place that knows ProseMirror's view: a text that is edited in the page, told back as the source it is kept in.
// The library's own way to paste reads HTML, which our pages forbid; here a paste is text, read as source.
import { baseKeymap, toggleMark } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { InputRule, inputRules } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { Slice, type Node, type Schema } from "prosemirror-model";
import { EditorState, NodeSelection, Plugin, type Command, type Transaction } from "prosemirror-state";
import { EditorView, type NodeViewConstructor } from "prosemirror-view";
import { BLOCK, LINE } from "./schema";
import { parseBlock, parseLine, parseSlice, write } from "./source";

export interface Thing {
  readonly kind: "formula" | "figure" | "gap";
  readonly attrs: Readonly<Record<string, string | null>>;
}

export interface Settings {
  readonly source: string;
  readonly isBlock: boolean;
  readonly isReadOnly: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  readonly onChange: (source: string) => void;
  /** Ctrl+M, or a formula that was pressed: the dialog opens with it. */
  readonly onFormula: (latex: string, said: string | null) => void;
  /** Draws a thing into its place in the text; what is returned takes it away again. */
  readonly draw: (place: HTMLElement, thing: Thing) => () => void;
}

export class Written {
  readonly view: EditorView;
  private readonly schema: Schema;
  private source: string;
  /** The source that came from outside last. */
  private given: string;
  /** What was told and has not come back yet: somebody who types is ahead of the page. */
  private told: string[] = [];

  constructor(place: HTMLElement, private settings: Settings) {
    this.schema = settings.isBlock ? BLOCK : LINE;
    this.source = this.given = settings.source;
    const draw: NodeViewConstructor = (node) => this.drawn(node);
    this.view = new EditorView(place, {
      state: EditorState.create({ doc: this.parse(settings.source), plugins: this.plugins() }),
      editable: () => !this.settings.isReadOnly,
      attributes: { ...settings.attributes },
      nodeViews: { formula: draw, figure: draw, gap: draw },
      dispatchTransaction: (transaction) => this.apply(transaction),
      clipboardTextSerializer: (slice) => write(this.schema.topNodeType.create(null, slice.content)),
      handleDOMEvents: {
        paste: (view, event) => this.put(view, event, event.clipboardData),
        drop: (view, event) => this.put(view, event, event.dataTransfer),
      },
      handleDoubleClickOn: (_view, _at, node) => this.openFormula(node),
    });
  }

  update(settings: Settings): void {
    this.settings = settings;
    if (settings.source !== this.given) this.take(settings.source);
    this.view.setProps({ attributes: { ...settings.attributes } });
  }

  /** Our own words that come back change nothing; others stand in the place of ours. */
  private take(source: string): void {
    this.given = source;
    const at = this.told.indexOf(source);
    this.told = at < 0 ? [] : this.told.slice(at + 1);
    if (at >= 0 || source === this.source) return;
    this.source = source;
    const { state } = this.view;
    const doc = this.parse(source);
    if (!doc.eq(state.doc)) this.view.updateState(EditorState.create({ doc, plugins: state.plugins }));
  }

  destroy(): void {
    this.view.destroy();
  }

  mark(name: "strong" | "em"): void {
    this.run(toggleMark(this.schema.marks[name]!));
    this.view.focus();
  }

  /** Stands where the cursor is, in place of what is selected. */
  insert(thing: Thing): void {
    const node = this.schema.node(thing.kind, thing.attrs);
    this.view.dispatch(this.view.state.tr.replaceSelectionWith(node, false).scrollIntoView());
    this.view.focus();
  }

  /** Text as it is, where the cursor is. */
  type(text: string): void {
    this.view.dispatch(this.view.state.tr.insertText(text).scrollIntoView());
    this.view.focus();
  }

  remove(): void {
    this.view.dispatch(this.view.state.tr.deleteSelection());
    this.view.focus();
  }

  focus(): void {
    this.view.focus();
  }

  /** The formula that is selected, if one is. */
  selected(): Node | null {
    const { selection } = this.view.state;
    return selection instanceof NodeSelection && selection.node.type.name === "formula" ? selection.node : null;
  }

  askFormula(): void {
    const node = this.selected();
    this.settings.onFormula(String(node?.attrs["latex"] ?? ""), (node?.attrs["said"] as string | null) ?? null);
  }

  private parse(source: string): Node {
    return this.settings.isBlock ? parseBlock(source) : parseLine(source);
  }

  private apply(transaction: Transaction): void {
    this.view.updateState(this.view.state.apply(transaction));
    if (!transaction.docChanged) return;
    const source = write(this.view.state.doc);
    if (source === this.source) return;
    this.source = source;
    this.told.push(source);
    this.settings.onChange(source);
  }

  private run(command: Command): boolean {
    return command(this.view.state, this.view.dispatch, this.view);
  }

  private put(view: EditorView, event: Event, from: DataTransfer | null): boolean {
    event.preventDefault();
    const text = from?.getData("text/plain") ?? "";
    if (text && !this.settings.isReadOnly) {
      const content = parseSlice(this.schema, text.replace(/\r\n?/gu, "\n"));
      const depth = this.settings.isBlock ? 1 : 0;
      view.dispatch(view.state.tr.replaceSelection(new Slice(content, depth, depth)).scrollIntoView());
    }
    return true;
  }

  private openFormula(node: Node): boolean {
    if (node.type.name !== "formula" || this.settings.isReadOnly) return false;
    this.askFormula();
    return true;
  }

  private drawn(node: Node): ReturnType<NodeViewConstructor> {
    const dom = document.createElement("span");
    dom.className = `written-${node.type.name}`;
    const kind = node.type.name as Thing["kind"];
    const clear = this.settings.draw(dom, { kind, attrs: node.attrs });
    return { dom, destroy: clear, ignoreMutation: () => true, stopEvent: () => false };
  }

  private plugins(): Plugin[] {
    const { schema } = this;
    const breakLine: Command = (state, dispatch) => {
      dispatch?.(state.tr.replaceSelectionWith(schema.node("br")).scrollIntoView());
      return true;
    };
    const formula: Command = () => {
      this.askFormula();
      return true;
    };
    const onFormula: Command = () => this.selected() !== null && formula(this.view.state);
    const keys: Record<string, Command> = {
      "Mod-b": toggleMark(schema.marks["strong"]!),
      "Mod-i": toggleMark(schema.marks["em"]!),
      "Mod-m": formula,
      "Mod-z": undo,
      "Mod-y": redo,
      "Mod-Shift-z": redo,
      "Shift-Enter": breakLine,
    };
    // An option is one line: Enter there does nothing to the text.
    const enter: Command = this.settings.isBlock ? onFormula : () => onFormula(this.view.state) || true;
    return [history(), rules(schema), keymap({ ...keys, Enter: enter }), keymap(baseKeymap)];
  }
}

/** What is typed as source becomes what it means: `$x^2$` a formula, `[[1]]` a gap, `![map]` a figure. */
function rules(schema: Schema): Plugin {
  const thing = (type: string, attrs: (found: RegExpMatchArray) => Record<string, string | null>) =>
    (state: EditorState, found: RegExpMatchArray, start: number, end: number) => state.tr.replaceWith(start, end, schema.node(type, attrs(found)));
  return inputRules({
    rules: [
      new InputRule(/\$([^$\s](?:[^$]*[^$\s])?)\$$/u, thing("formula", (found) => ({ latex: found[1] ?? "", said: null }))),
      new InputRule(/\[\[(\d{1,2})\]\]$/u, thing("gap", (found) => ({ id: found[1] ?? "" }))),
      new InputRule(/!\[([a-z0-9-]{1,40})\]$/u, thing("figure", (found) => ({ name: found[1] ?? "" }))),
    ],
  });
}
