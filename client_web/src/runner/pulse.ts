// The heartbeat: every few seconds it tells that somebody is there, and hears whether anything has changed.
import { Refusal, Unreachable } from "../common/api";
import type { Heartbeat, HeartbeatReply, Phase } from "../common/wire";
import { sendHeartbeat } from "./api";

export interface PulseOptions {
  /** How long until the next beat. */
  every_ms(): number;
  facts(): Heartbeat;
  onReply(reply: HeartbeatReply, sent: Heartbeat): void;
  onRefused(refusal: Refusal): void;
  onTrouble(): void;
}

export class Pulse {
  private readonly options: PulseOptions;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isRunning = false;
  private isAsking = false;
  /** Something happened while a beat was on its way: another one follows at once. */
  private isAgain = false;

  constructor(options: PulseOptions) {
    this.options = options;
  }

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.timer = setTimeout(() => void this.beat(), this.options.every_ms());
  }

  stop(): void {
    this.isRunning = false;
    clearTimeout(this.timer);
  }

  /** Say it now, and count anew from here. */
  async beat(): Promise<void> {
    if (!this.isRunning) return;
    if (this.isAsking) {
      this.isAgain = true;
      return;
    }
    clearTimeout(this.timer);
    this.isAsking = true;
    try {
      const sent = this.options.facts();
      const reply = await sendHeartbeat(sent);
      if (this.isRunning) this.options.onReply(reply, sent);
    } catch (error) {
      if (error instanceof Unreachable) this.options.onTrouble();
      else if (error instanceof Refusal) this.options.onRefused(error);
      else throw error;
    } finally {
      this.isAsking = false;
      const wait_ms = this.isAgain ? 0 : this.options.every_ms();
      this.isAgain = false;
      if (this.isRunning) this.timer = setTimeout(() => void this.beat(), wait_ms);
    }
  }
}

const OVER: ReadonlySet<Phase> = new Set<Phase>(["submitted", "removed", "absent"]);

/** True once nothing more can be answered. */
export function isOver(phase: Phase): boolean {
  return OVER.has(phase);
}
