// Owns what is written and drawn beside the open step: kept on this computer at once, on the server within seconds.
import { computed, signal } from "@preact/signals";
import { Refusal, Unreachable } from "../../common/api";
import { uuid } from "../../common/dom";
import type { Entry, Outbox } from "../../common/outbox";
import type { Answer, RunnerState, Working } from "../../common/wire";
import { saveWorking } from "../api";
import { isWritten, stepName } from "../types";
import { EMPTY_DRAWING, drawingOf, type Drawing } from "./drawing";

/** Whether the server has what is on the sheet. */
export type Safety = "empty" | "saving" | "saved" | "waiting" | "full";

const SEND_AFTER_MS = 4000;
const STORE_AFTER_MS = 250;
const WAITS_MS = [1000, 2000, 4000, 8000];
/** An answer is held back so often for its working when the network fails under both; then it goes first. */
const PATIENCE = 3;
const SETTLE_MS = 3000;
/** The server's bound of 64 kB, less what surrounds the content. */
const LARGEST = 65_000;
/** Refusals after which the same save is tried again later. */
const KEPT = new Set(["not_signed_in", "other_device", "page_is_old", "foreign_request", "changed_meanwhile", "busy"]);

export class WorkingArea {
  readonly kinds = signal<readonly string[]>([]);
  readonly text = signal("");
  readonly drawing = signal<Drawing>(EMPTY_DRAWING);
  /** False until it is known what was saved before: nothing can be changed yet. */
  readonly isReady = signal(false);
  readonly safety = signal<Safety>("empty");
  readonly hasDrawing = computed(() => this.kinds.value.includes("drawing"));

  private readonly outbox: Outbox<Working>;
  private step: { readonly owner: number; readonly section_id: number; readonly seq: number } | null = null;
  private version = 0;
  private savedVersion = 0;
  /** The newest version, kept on this computer until the server has it. */
  private entry: Entry<Working> | null = null;
  private storing: Promise<void> = Promise.resolve();
  private storeTimer: ReturnType<typeof setTimeout> | undefined;
  private sendTimer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> | null = null;
  private failures = 0;
  private heldBack = 0;
  /** The last try met no server at all: an answer would not reach it either. */
  private isCutOff = false;

  constructor(outbox: Outbox<Working>) {
    this.outbox = outbox;
  }

  /** Another step has another sheet; the same one stays as it is. */
  async show(state: RunnerState): Promise<void> {
    const { step } = state;
    if (!step || (this.step && stepName(step) === stepName(this.step) && this.step.owner === state.session_id)) return;
    const section = state.sections.find(({ section_id }) => section_id === step.section_id);
    this.blank();
    const own = (this.step = { owner: state.session_id, section_id: step.section_id, seq: step.seq });
    // A written text takes the place of what else is typed; a drawing may stand beside it.
    const kinds = section?.working_kinds ?? [];
    this.kinds.value = isWritten(step) ? kinds.filter((kind) => kind === "drawing") : kinds;
    const kept = await this.keptFor(own.owner, stepName(own));
    if (this.step !== own) return;
    const saved = state.working && stepName(state.working) === stepName(own) ? state.working : null;
    this.savedVersion = saved?.version ?? 0;
    // What this computer still holds is newer unless another one has gone on meanwhile.
    const isKeptNewer = kept !== null && kept.body.version > this.savedVersion;
    const content = isKeptNewer ? kept.body : saved;
    this.version = content?.version ?? 0;
    this.text.value = content?.text ?? "";
    this.drawing.value = content ? drawingOf(content.strokes) : EMPTY_DRAWING;
    this.safety.value = isKeptNewer ? "saving" : saved ? "saved" : "empty";
    this.entry = isKeptNewer ? kept : null;
    this.isReady.value = true;
    if (isKeptNewer) this.sendIn(0);
    else if (kept) await this.outbox.remove(kept.key);
  }

  write(text: string): void {
    if (!this.isReady.value || text === this.text.value) return;
    if (this.isTooLarge(text, this.drawing.value)) return;
    this.text.value = text;
    this.changed(STORE_AFTER_MS);
  }

  draw(drawing: Drawing): void {
    if (!this.isReady.value || drawing.strokes === this.drawing.value.strokes) return;
    const isLess = drawing.strokes.length < this.drawing.value.strokes.length;
    if (!isLess && this.isTooLarge(this.text.value, drawing)) return;
    this.drawing.value = drawing;
    this.changed(0);
  }

  /** The candidate turns to something else, or the page is left: what is new goes out now. */
  hurry(): void {
    this.store();
    if (this.entry) this.sendIn(0);
  }

  /** Before an answer is sent: what stands beside its step goes first, as later it would be refused.

   Throws Unreachable where the network fails; an answer is never held back for anything else, nor for long. */
  async settle(answer: Answer): Promise<void> {
    if (!this.step || stepName(answer) !== stepName(this.step)) return;
    this.store();
    if (!this.entry) return;
    this.cancel();
    const isLast = (this.heldBack += 1) > PATIENCE;
    let limit: ReturnType<typeof setTimeout> | undefined;
    const enough = new Promise<void>((resolve) => (limit = setTimeout(resolve, SETTLE_MS)));
    try {
      await Promise.race([this.send(), enough]);
    } finally {
      clearTimeout(limit);
    }
    if (this.entry && this.isCutOff && !isLast) throw new Unreachable("the working waits too");
  }

  /** Nothing is sent from here any more; what is not yet saved stays on this computer. */
  stop(): void {
    this.store();
    this.cancel();
    this.entry = this.step = null;
    this.isReady.value = false;
  }

  private blank(): void {
    this.stop();
    this.text.value = "";
    this.drawing.value = EMPTY_DRAWING;
    this.safety.value = "empty";
    this.version = this.savedVersion = this.failures = this.heldBack = 0;
    this.isCutOff = false;
  }

  /** What this computer holds for the step; what it holds for others is past and goes. */
  private async keptFor(owner: number, name: string): Promise<Entry<Working> | null> {
    await this.storing;
    const every = await this.outbox.pending(owner);
    const own = every.filter(({ body }) => stepName(body) === name);
    const newest = own.reduce<Entry<Working> | null>((a, b) => (a && a.body.version > b.body.version ? a : b), null);
    for (const { key } of every) if (key !== newest?.key) await this.outbox.remove(key);
    return newest;
  }

  private isTooLarge(text: string, { strokes }: Drawing): boolean {
    const isFull = text.length > 20_000 || strokes.length > 4000 || sizeOf(text, strokes) > LARGEST;
    if (isFull) this.safety.value = "full";
    return isFull;
  }

  private changed(store_ms: number): void {
    this.version += 1;
    this.safety.value = this.safety.value === "waiting" ? "waiting" : "saving";
    clearTimeout(this.storeTimer);
    if (store_ms) this.storeTimer = setTimeout(() => this.store(), store_ms);
    else this.store();
    this.sendTimer ??= this.timer(SEND_AFTER_MS);
  }

  /** The newest version is on its way to this computer's disk; the one before goes from there. */
  private store(): void {
    clearTimeout(this.storeTimer);
    const { step, entry: old } = this;
    if (!step || this.version <= Math.max(this.savedVersion, old?.body.version ?? 0)) return;
    const { owner, section_id, seq } = step;
    const [text, strokes] = [this.text.value, this.drawing.value.strokes.map((stroke) => [...stroke])];
    const entry = { key: uuid(), owner, body: { section_id, seq, key: "", version: this.version, text, strokes } };
    entry.body.key = entry.key;
    this.entry = entry;
    this.storing = this.storing.then(async () => {
      await this.outbox.put(entry);
      if (old) await this.outbox.remove(old.key);
    });
  }

  private timer(wait_ms: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.sendTimer = undefined;
      this.store();
      void this.send();
    }, wait_ms);
  }

  private sendIn(wait_ms: number): void {
    this.cancel();
    this.sendTimer = this.timer(wait_ms);
  }

  private cancel(): void {
    clearTimeout(this.sendTimer);
    this.sendTimer = undefined;
  }

  /** One try at a time; who asks meanwhile gets a try of what is newest then. */
  private async send(): Promise<void> {
    await this.sending;
    const { entry } = this;
    if (!entry) return;
    this.sending = this.deliver(entry);
    await this.sending;
    this.sending = null;
  }

  private async deliver(entry: Entry<Working>): Promise<void> {
    try {
      const { saved_version } = await saveWorking(entry.body);
      this.failures = 0;
      this.isCutOff = false;
      await this.done(entry);
      if (this.isOpen(entry)) this.savedVersion = Math.max(this.savedVersion, saved_version);
      if (this.isOpen(entry) && this.version <= saved_version && this.safety.value !== "full") this.safety.value = "saved";
    } catch (error) {
      if (error instanceof Unreachable) return this.wait(error.status === null);
      if (!(error instanceof Refusal)) throw error;
      if (KEPT.has(error.code)) return this.wait(false);
      await this.done(entry);
      if (this.isOpen(entry) && error.code === "working_too_large") this.safety.value = "full";
    }
  }

  private isOpen({ body }: Entry<Working>): boolean {
    return this.step !== null && stepName(body) === stepName(this.step);
  }

  private async done(entry: Entry<Working>): Promise<void> {
    if (this.entry === entry) this.entry = null;
    await this.storing;
    await this.outbox.remove(entry.key);
  }

  private wait(isCutOff: boolean): void {
    this.isCutOff = isCutOff;
    this.safety.value = "waiting";
    this.sendIn(WAITS_MS[Math.min(this.failures, WAITS_MS.length - 1)] ?? 8000);
    this.failures += 1;
  }
}

/** Bytes of the content as it is sent. */
function sizeOf(text: string, strokes: Drawing["strokes"]): number {
  return new TextEncoder().encode(JSON.stringify({ text, strokes })).length;
}
