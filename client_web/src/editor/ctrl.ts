// The state of the editor: the text as it is typed, whether the server has it, what it looks like and what is remarked.
import { computed, signal } from "@preact/signals";
import { Refusal, Unreachable } from "../common/api";
import { announce } from "../common/dom";
import { _ } from "../common/i18n";
import type { FormulaLooks, ItemSource, KeptFile, Language, Looks, Manuscript } from "../common/wire";
import type { Api } from "./api";
import { languagesOf } from "./change";

/** `typing` until a second after the last key; `waiting` while the network is away; `stale` when another text was kept. */
export type Keeping = "kept" | "typing" | "saving" | "waiting" | "stale" | "refused";

const SAVE_MS = 1000;
const LOOK_MS = 350;
const AGAIN_MS = [2000, 4000, 8000, 15_000];

export class Editor {
  readonly opened = signal<Manuscript | null>(null);
  readonly failure = signal("");
  readonly item = signal<ItemSource | null>(null);
  readonly keeping = signal<Keeping>("kept");
  /** Why the server did not take the text, in its words. */
  readonly refusal = signal("");
  readonly theirs = signal<Manuscript | null>(null);
  readonly looks = signal<Looks | null>(null);
  readonly isLookOld = signal(false);
  readonly left = signal<Language>("ky");
  /** The language beside the one that is written; null shows the preview there. */
  readonly right = signal<Language | null>(null);
  readonly seen = signal<Language>("ky");
  readonly isKeyShown = signal(false);
  readonly mayWrite = computed(() => (this.opened.value?.writes.length ?? 0) > 0);

  private readonly confirmed = new Set<Language>();
  private readonly formulas = new Map<string, Promise<FormulaLooks>>();
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private lookTimer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private version = 0;
  private saving: Promise<void> | null = null;

  constructor(readonly api: Api) {}

  async start(): Promise<void> {
    try {
      this.show(await this.api.open());
    } catch (error) {
      this.failure.value = error instanceof Refusal ? error.message : _("The server cannot be reached. Load the page again in a while.");
    }
  }

  may(language: Language): boolean {
    return this.opened.value?.writes.includes(language) ?? false;
  }

  get mayClassify(): boolean {
    return this.opened.value?.may_classify ?? false;
  }

  /** The text is another one: it is kept a second after the last change, and looked at sooner. */
  edit(change: (item: ItemSource) => ItemSource): void {
    const before = this.item.value;
    if (!before || !this.mayWrite.value) return;
    const after = change(before);
    if (after === before) return;
    this.item.value = after;
    this.changed();
  }

  /** The writer says that the translation fits the text of origin as it now is. */
  confirm(language: Language): void {
    this.confirmed.add(language);
    this.changed();
    void this.save();
  }

  showLanguage(side: "left" | "right", language: Language | null): void {
    if (side === "right") this.right.value = language;
    else if (language) {
      this.left.value = language;
      if (this.right.value === language) this.right.value = null;
      this.seen.value = language;
    }
    void this.look();
  }

  showPreview(language: Language): void {
    this.seen.value = language;
    void this.look();
  }

  showKey(isShown: boolean): void {
    this.isKeyShown.value = isShown;
    void this.look();
  }

  /** Everything typed so far is kept, or it is known why not. */
  async save(): Promise<void> {
    clearTimeout(this.saveTimer);
    if (this.saving) await this.saving;
    const { opened, item } = { opened: this.opened.value, item: this.item.value };
    if (!opened || !item || this.keeping.value === "kept" || this.keeping.value === "stale") return;
    this.saving = this.send(opened, item).finally(() => (this.saving = null));
    await this.saving;
  }

  /** Ours goes over theirs: it was shown, and this was asked for. */
  keepMine(): void {
    const theirs = this.theirs.value;
    if (!theirs) return;
    this.opened.value = theirs;
    this.theirs.value = null;
    this.refusal.value = "";
    this.keeping.value = "typing";
    this.changed();
    void this.save();
  }

  takeTheirs(): void {
    const theirs = this.theirs.value;
    if (theirs) this.show(theirs);
  }

  async addFile(file: Blob): Promise<KeptFile> {
    return this.api.addFile(file);
  }

  formula(latex: string, language: Language): Promise<FormulaLooks> {
    const name = `${language} ${latex}`;
    const known = this.formulas.get(name);
    if (known) return known;
    const asked = this.api.formula(latex, language);
    this.formulas.set(name, asked);
    asked.catch(() => this.formulas.delete(name));
    return asked;
  }

  /** What it comes to; "" when it was done, else why not. */
  async act(verb: "submit" | "withdraw" | "abandon", reason = ""): Promise<string> {
    await this.save();
    const opened = this.opened.value;
    if (!opened || this.keeping.value !== "kept") return _("What you typed is not kept yet. Wait until it is, then try again.");
    try {
      await this.api.act(verb, opened.revision, reason);
      this.show(await this.api.open());
      return "";
    } catch (error) {
      return error instanceof Refusal ? error.message : _("The server cannot be reached. Try again in a while.");
    }
  }

  async look(): Promise<void> {
    clearTimeout(this.lookTimer);
    const { item, version } = { item: this.item.value, version: this.version };
    if (!item) return;
    const language = item.texts[this.seen.value] ? this.seen.value : languagesOf(item)[0];
    if (!language) return;
    try {
      const looks = await this.api.look(this.mayWrite.value ? item : null, language, this.isKeyShown.value);
      if (version === this.version) {
        this.looks.value = looks;
        this.isLookOld.value = false;
      }
    } catch {
      this.isLookOld.value = true; // the next change asks again
    }
  }

  private show(opened: Manuscript): void {
    const isFirst = this.opened.value === null;
    this.opened.value = opened;
    this.item.value = opened.item;
    this.theirs.value = null;
    this.keeping.value = "kept";
    this.refusal.value = "";
    this.confirmed.clear();
    if (isFirst) {
      const own = opened.writes.find((language) => language !== opened.origin);
      this.left.value = this.seen.value = opened.origin;
      // Who mends one translation sees it beside its origin.
      this.right.value = opened.writes.length === 1 && own ? own : null;
      if (own && opened.writes.length === 1) this.seen.value = own;
    }
    void this.look();
  }

  private changed(): void {
    this.version += 1;
    if (this.keeping.value !== "stale") this.keeping.value = "typing";
    this.isLookOld.value = true;
    clearTimeout(this.saveTimer);
    clearTimeout(this.lookTimer);
    this.saveTimer = setTimeout(() => void this.save(), SAVE_MS);
    this.lookTimer = setTimeout(() => void this.look(), LOOK_MS);
  }

  private async send(opened: Manuscript, item: ItemSource): Promise<void> {
    const { version } = this;
    const confirmed = [...this.confirmed];
    this.keeping.value = "saving";
    try {
      const saved = await this.api.save({ revision: opened.revision, item, confirmed });
      this.failures = 0;
      this.refusal.value = "";
      confirmed.forEach((language) => this.confirmed.delete(language));
      this.opened.value = { ...opened, revision: saved.revision, stale: saved.stale, missing: saved.missing, made_from: saved.made_from, shares_passage: saved.shares_passage };
      if (saved.taken && version === this.version) this.item.value = saved.taken;
      this.keeping.value = version === this.version ? "kept" : "typing";
    } catch (error) {
      await this.notKept(error);
    }
  }

  private async notKept(error: unknown): Promise<void> {
    if (error instanceof Unreachable) {
      this.keeping.value = "waiting";
      this.saveTimer = setTimeout(() => void this.save(), AGAIN_MS[Math.min(this.failures, AGAIN_MS.length - 1)]);
      this.failures += 1;
      return;
    }
    if (!(error instanceof Refusal)) throw error;
    this.refusal.value = error.message;
    this.keeping.value = "refused";
    announce(error.message);
    if (error.code !== "changed_meanwhile") return;
    this.keeping.value = "stale";
    this.theirs.value = await this.api.open().catch(() => null);
    if (!this.theirs.value) this.keeping.value = "refused";
  }
}
