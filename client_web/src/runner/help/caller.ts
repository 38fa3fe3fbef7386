// A call for the proctor: sent until the server has it, under one key, so that it is one call however often it is sent.
import { signal } from "@preact/signals";
import { Refusal, Unreachable } from "../../common/api";
import { announce, uuid } from "../../common/dom";
import { _ } from "../../common/i18n";
import type { CallAsk, HelpView } from "../../common/wire";
import * as api from "../api";
import type { Runner } from "../ctrl";

const AGAIN_MS = 2000;

export class Caller {
  readonly help = signal<HelpView | null>(null);
  readonly isOpen = signal(false);
  /** On its way; there may be no network just now. */
  readonly pending = signal<CallAsk | null>(null);
  readonly refusal = signal<Refusal | null>(null);
  private readonly runner: Runner;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(runner: Runner) {
    this.runner = runner;
  }

  /** What may be called for, in the language of the page, and the call that is open. */
  async load(): Promise<void> {
    await this.ask(async () => {
      const help = await api.fetchHelp();
      this.help.value = help;
      this.runner.call.value = help.call;
    }, () => this.load());
  }

  open(): void {
    this.refusal.value = null;
    this.isOpen.value = true;
  }

  async call(kind: string, words = ""): Promise<void> {
    if (this.pending.value) return;
    this.refusal.value = null;
    this.pending.value = { key: uuid(), kind, words: words.trim() };
    await this.send();
  }

  async withdraw(): Promise<void> {
    await this.ask(async () => {
      await api.withdrawCall();
      this.runner.call.value = null;
    }, () => this.withdraw());
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async send(): Promise<void> {
    const ask = this.pending.value;
    if (!ask) return;
    await this.ask(async () => {
      this.runner.call.value = (await api.callProctor(ask)).call;
      this.pending.value = null;
      this.isOpen.value = false;
      announce(_("The proctor has been called."));
    }, () => this.send());
  }

  private async ask(act: () => Promise<void>, again: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (error instanceof Unreachable) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => void again(), AGAIN_MS);
      } else if (error instanceof Refusal) {
        this.pending.value = null;
        this.refusal.value = error;
      } else throw error;
    }
  }
}
