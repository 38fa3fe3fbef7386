// Requests under way: each act once at a time, with what came of it told near its button.
import { signal } from "@preact/signals";
import { Refusal, Unreachable } from "../../common/api";
import { announce } from "../../common/dom";
import { _ } from "../../common/i18n";
import { IDLE, type ActState, type Done, type Trouble } from "../types";

const NEEDS_RELOAD: ReadonlySet<string> = new Set(["page_is_old", "foreign_request", "not_signed_in"]);

export class Acts {
  private readonly states = signal<Readonly<Record<string, ActState>>>({});

  of(key: string): ActState {
    return this.states.value[key] ?? IDLE;
  }

  /** Carries `ask` out unless the same act is under way; the reply, or null if it was not done. */
  async run<R>(key: string, ask: () => Promise<R>, done: (reply: R) => Done): Promise<R | null> {
    if (this.of(key).isBusy) return null;
    this.tidy();
    this.put(key, { isBusy: true, trouble: null, done: null });
    try {
      const reply = await ask();
      const outcome = done(reply);
      this.put(key, { isBusy: false, trouble: null, done: outcome });
      announce(outcome.note);
      return reply;
    } catch (error) {
      this.put(key, { isBusy: false, trouble: troubleOf(error), done: null });
      return null;
    }
  }

  forget(key: string): void {
    if (!this.of(key).isBusy) this.put(key, IDLE);
  }

  /** What was done before is told no longer; what failed stays until it is tried again. */
  tidy(): void {
    const kept = Object.entries(this.states.value).filter(([, state]) => state.isBusy || state.trouble);
    this.states.value = Object.fromEntries(kept);
  }

  private put(key: string, state: ActState): void {
    this.states.value = { ...this.states.value, [key]: state };
  }
}

/** Why an act failed, in words; anything but the server or the network is a fault of ours and is thrown on. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Refusal) {
    return { message: error.message, clause: error.clause, needsReload: NEEDS_RELOAD.has(error.code) };
  }
  if (!(error instanceof Unreachable)) throw error;
  const message = _("The server did not answer, so it is not known whether this was done. Look at the state, then press again; nothing typed is lost.");
  return { message, clause: null, needsReload: false };
}
