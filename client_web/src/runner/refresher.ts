// Fetches how things stand: one request at a time, again when the answer was overtaken, for ever when there is no network.
import { Refusal, Unreachable } from "../common/api";
import type { RunnerState } from "../common/wire";
import { fetchState } from "./api";

export interface RefresherOptions {
  /** `isCurrent` turns false when something newer has been heard meanwhile; the state is then fetched again. */
  onState(state: RunnerState, isCurrent: () => boolean): Promise<void>;
  onRefused(refusal: Refusal): unknown;
  onTrouble(): void;
}

const BACKOFF_MS = [500, 1000, 2000, 4000, 8000];

export class Refresher {
  private readonly options: RefresherOptions;
  /** Grows with each thing learnt elsewhere, so that a slower, older reply is known as such. */
  private learnt = 0;
  private isBusy = false;
  private isOvertaken = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: RefresherOptions) {
    this.options = options;
  }

  /** Something newer than any request now under way has been heard. */
  overtake(): void {
    this.learnt += 1;
  }

  later(wait_ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), wait_ms);
  }

  cancel(): void {
    clearTimeout(this.timer);
  }

  async refresh(): Promise<void> {
    if (this.isBusy) {
      this.isOvertaken = true;
      return;
    }
    clearTimeout(this.timer);
    this.isBusy = true;
    try {
      do {
        this.isOvertaken = false;
        await this.once();
      } while (this.isOvertaken);
    } finally {
      this.isBusy = false;
    }
  }

  private async once(): Promise<void> {
    const before = this.learnt;
    try {
      const state = await fetchState();
      this.failures = 0;
      const isCurrent = () => before === this.learnt;
      if (isCurrent()) await this.options.onState(state, isCurrent);
      if (!isCurrent()) this.isOvertaken = true;
    } catch (error) {
      if (error instanceof Refusal) return void this.options.onRefused(error);
      if (!(error instanceof Unreachable)) throw error;
      this.options.onTrouble();
      this.later(BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length - 1)] ?? 8000);
      this.failures += 1;
    }
  }
}
