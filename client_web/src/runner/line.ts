// What the candidate is told of the network: nothing of a hiccup, soon to keep working, after a minute that the proctor knows.
import { signal } from "@preact/signals";
import { sayCalled, sayWaiting } from "./say";
import type { Line } from "./types";

/** A request that fails may pass at the next try, half a second later; it is no news before this. */
const TOLD_MS = 2000;
/** Nothing has failed yet, but an answer takes so long that it seems so. */
const SLOW_MS = 4000;
/** The console raises its alarm for a silent computer after a minute: only then is it true that the proctor is called. */
const CALLED_MS = 60_000;

export class LineWatch {
  readonly line = signal<Line>("connected");
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dueAt = Infinity;

  /** True while the candidate has been told that there is no network. */
  get isCut(): boolean {
    return this.line.value === "waiting" || this.line.value === "called";
  }

  /** True while something has failed or is slow, and the candidate has not been told. */
  get isDoubtful(): boolean {
    return this.dueAt < Infinity && !this.isCut;
  }

  /** An answer is on its way; a cut goes on until it has arrived. */
  saving(): void {
    if (!this.isCut) this.line.value = "saving";
    this.tellIn(SLOW_MS);
  }

  /** A request has met no server. */
  trouble(): void {
    this.tellIn(TOLD_MS);
  }

  /** The server was heard, and this is how things stand. */
  well(line: Exclude<Line, "waiting" | "called">): void {
    this.forget();
    this.line.value = line;
  }

  /** Nobody is to be told anything here any more. */
  forget(): void {
    clearTimeout(this.timer);
    this.dueAt = Infinity;
  }

  private tellIn(wait_ms: number): void {
    const at = performance.now() + wait_ms;
    if (this.isCut || at >= this.dueAt) return;
    clearTimeout(this.timer);
    this.dueAt = at;
    this.timer = setTimeout(() => this.tell(), wait_ms);
  }

  private tell(): void {
    this.line.value = "waiting";
    sayWaiting();
    this.timer = setTimeout(() => {
      this.line.value = "called";
      sayCalled();
    }, CALLED_MS);
  }
}
