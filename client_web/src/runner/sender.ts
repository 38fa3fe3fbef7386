// Carries answers from the outbox to the server, one at a time, until each is acknowledged or judged.
import { Refusal, Unreachable } from "../common/api";
import type { Entry, Outbox } from "../common/outbox";
import { Patience } from "../common/patience";
import type { Answer, AnswerReply } from "../common/wire";

export interface SenderOptions {
  readonly outbox: Outbox<Answer>;
  post(answer: Answer): Promise<AnswerReply>;
  /** The answer is in the database. */
  onSaved(entry: Entry<Answer>, reply: AnswerReply): void;
  /** The server judged it and will not take it; `isKept` says that it stays in the outbox for later. */
  onRefused(refusal: Refusal, isKept: boolean): void;
  /** It could not be reached; another try follows. */
  onTrouble(): void;
}

/** The answer itself was not judged: it is tried again when the reason is gone. */
const KEPT = new Set(["is_paused", "not_signed_in", "other_device", "page_is_old", "foreign_request", "seb_needed"]);
/** Two requests met; the same one may be sent again at once. */
const AGAIN = new Set(["changed_meanwhile", "busy"]);

export class Sender {
  private readonly options: SenderOptions;
  private isBusy = false;
  private readonly patience = new Patience();

  constructor(options: SenderOptions) {
    this.options = options;
  }

  /** Sends all that `owner` has unsent. Returns when nothing is left or the rest must be kept. Harmless twice. */
  async flush(owner: number): Promise<void> {
    if (this.isBusy) return this.hurry();
    this.isBusy = true;
    try {
      for (;;) {
        const [entry] = await this.options.outbox.pending(owner);
        if (!entry || !(await this.deliver(entry))) return;
      }
    } finally {
      this.isBusy = false;
    }
  }

  /** The network seems to be back: do not wait for the next turn. */
  hurry(): void {
    this.patience.hurry();
  }

  /** True when the entry is done with, or may be tried again. */
  private async deliver(entry: Entry<Answer>): Promise<boolean> {
    try {
      const reply = await this.options.post(entry.body);
      await this.options.outbox.remove(entry.key);
      this.patience.reset();
      this.options.onSaved(entry, reply);
      return true;
    } catch (error) {
      if (error instanceof Unreachable || (error instanceof Refusal && AGAIN.has(error.code))) return this.pause();
      if (!(error instanceof Refusal)) throw error;
      const isKept = KEPT.has(error.code);
      if (!isKept) await this.options.outbox.remove(entry.key);
      this.options.onRefused(error, isKept);
      return !isKept;
    }
  }

  private async pause(): Promise<true> {
    this.options.onTrouble();
    await this.patience.wait();
    return true;
  }
}
