// One tab of this browser runs the exam. The others say so, and may take it over on the candidate's word.
import { uuid } from "../common/dom";

interface Word {
  readonly kind: "asks" | "runs" | "takes";
  readonly id: string;
}

/** Long enough for a busy tab to answer, short enough not to be noticed at the start. */
const ANSWER_MS = 250;

export class TabLease {
  private readonly id = uuid();
  private readonly channel: BroadcastChannel | null;
  private readonly onLost: () => void;
  /** True while this tab runs the exam. */
  isHeld = false;
  private heard: (() => void) | null = null;

  constructor(onLost: () => void, name = "synak-exam") {
    this.onLost = onLost;
    this.channel = typeof BroadcastChannel === "function" ? new BroadcastChannel(name) : null;
    this.channel?.addEventListener("message", (event: MessageEvent<Word>) => this.hear(event.data));
  }

  /** True if no other tab runs the exam; this one then does. */
  async claim(): Promise<boolean> {
    if (!this.channel) return (this.isHeld = true);
    const isTaken = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), ANSWER_MS);
      this.heard = () => {
        clearTimeout(timer);
        resolve(true);
      };
      this.say("asks");
    });
    this.heard = null;
    this.isHeld = !isTaken;
    return this.isHeld;
  }

  /** This tab runs the exam from now on; the others stop. */
  take(): void {
    this.isHeld = true;
    this.say("takes");
  }

  close(): void {
    this.channel?.close();
  }

  private say(kind: Word["kind"]): void {
    this.channel?.postMessage({ kind, id: this.id } satisfies Word);
  }

  private hear({ kind, id }: Word): void {
    // Two tabs restored at once both ask: the lower name gives the answer.
    if (kind === "asks" && (this.isHeld || (this.heard && this.id < id))) this.say("runs");
    if (kind === "runs") this.heard?.();
    if (kind === "takes" && this.isHeld) {
      this.isHeld = false;
      this.onLost();
    }
  }
}
