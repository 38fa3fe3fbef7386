// Countdowns: the server says how much is left, performance.now() counts it down. The wall clock is never read.
import { signal, type ReadonlySignal } from "@preact/signals";

export interface CountdownOptions {
  /** Called once when the remaining time first falls to each of these, in seconds; a mark first met late is skipped. */
  readonly marks_s?: readonly number[];
  readonly onMark?: (mark_s: number) => unknown;
  /** Called once per setting, when nothing is left. */
  readonly onEnd?: () => void;
  readonly now?: () => number;
}

/** A smaller correction than this is the network's jitter; taking it would make the last digit stutter. */
const JITTER_MS = 400;
/** A mark is announced if it is met within this time; after a longer gap the next one speaks instead. */
const MARK_WINDOW_S = 15;

export class Countdown {
  /** Whole seconds left, rounded up; null while nothing counts. */
  readonly seconds: ReadonlySignal<number | null>;
  private readonly shown = signal<number | null>(null);
  private readonly options: CountdownOptions;
  private readonly now: () => number;
  private endsAt: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private passed = new Set<number>();
  private isRunning = false;
  private hasEnded = false;

  constructor(options: CountdownOptions = {}) {
    this.options = options;
    this.now = options.now ?? (() => performance.now());
    this.seconds = this.shown;
  }

  /** Count down from `remaining_ms`; null stops and clears. `isRunning: false` shows the time standing still. */
  set(remaining_ms: number | null, isRunning = true): void {
    if (remaining_ms === null) return this.clear();
    const left = this.remaining();
    const isSame = left !== null && isRunning && this.isRunning && Math.abs(left - remaining_ms) < JITTER_MS;
    if (isSame && left > 0) return;
    const isLonger = left === null || left === 0 || remaining_ms > left + JITTER_MS;
    if (isLonger && remaining_ms > 0) this.rearm(remaining_ms);
    this.endsAt = this.now() + remaining_ms;
    this.isRunning = isRunning;
    this.tick();
    if (!isRunning) this.endsAt = null;
  }

  /** Milliseconds left now, never below 0; null while nothing counts. */
  remaining(): number | null {
    return this.endsAt === null ? null : Math.max(0, this.endsAt - this.now());
  }

  clear(): void {
    clearTimeout(this.timer);
    this.endsAt = null;
    this.shown.value = null;
    this.isRunning = false;
  }

  private rearm(remaining_ms: number): void {
    this.hasEnded = false;
    this.passed = new Set((this.options.marks_s ?? []).filter((mark) => mark * 1000 >= remaining_ms));
  }

  private tick(): void {
    clearTimeout(this.timer);
    const left = this.remaining();
    if (left === null) return;
    this.shown.value = Math.ceil(left / 1000);
    if (!this.isRunning) return;
    this.announce(left / 1000);
    if (left > 0) {
      this.timer = setTimeout(() => this.tick(), (left % 1000) + 5);
    } else if (!this.hasEnded) {
      this.hasEnded = true;
      this.options.onEnd?.();
    }
  }

  private announce(left_s: number): void {
    const due = (this.options.marks_s ?? []).filter((mark) => left_s <= mark && !this.passed.has(mark));
    for (const mark of due) this.passed.add(mark);
    const nearest = Math.min(...due);
    if (due.length > 0 && nearest - left_s <= MARK_WINDOW_S && left_s > 0) this.options.onMark?.(nearest);
  }
}

/** `88:59`, and `1:05:00` from 100 minutes on. */
export function clockText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  if (minutes < 100) return `${String(minutes).padStart(2, "0")}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}
