// Owns what an observer sees: the view as last fetched, the server's clock, and a remark under way.
import { computed, signal } from "@preact/signals";
import { getJson, postJson, Refusal } from "../common/api";
import { announce } from "../common/dom";
import { _ } from "../common/i18n";
import { Stream, type Connect, type StreamStatus } from "../common/stream";
import type { WatchedState, WatchView } from "../common/wire";
import { troubleOf } from "../console/ctrl/acts";
import { watched } from "../console/ctrl/watchdog";
import type { Trouble } from "../console/types";

/** The server speaks every five seconds. */
const DEAF_AFTER_MS = 13_000;
/** A room at work changes many times a second; nobody reads faster than this. */
const EVERY_MS = 1000;

export type Counted = WatchedState | "late";

export class Watch {
  readonly view = signal<WatchView | null>(null);
  /** The server's clock, a whole second at a time; 0 before the first view. */
  readonly now = signal(0);
  /** The view was refused: signed out, withdrawn, or the day is over. */
  readonly refusal = signal<Refusal | null>(null);
  readonly draft = signal("");
  readonly isSending = signal(false);
  readonly trouble = signal<Trouble | null>(null);
  readonly line: { readonly value: StreamStatus };

  readonly counts = computed<ReadonlyMap<Counted, number>>(() => {
    const counted = new Map<Counted, number>();
    for (const seat of this.view.value?.seats ?? []) {
      counted.set(seat.state, (counted.get(seat.state) ?? 0) + 1);
      if (seat.is_late) counted.set("late", (counted.get("late") ?? 0) + 1);
    }
    return counted;
  });

  private readonly room: string;
  private readonly stream: Stream<WatchView>;
  private offset_ms = 0;
  private asked_ms = -EVERY_MS;
  private ticking: ReturnType<typeof setTimeout> | undefined;

  constructor(room: string, connect: Connect) {
    this.room = `/observe/rooms/${encodeURIComponent(room)}`;
    this.stream = new Stream<WatchView>({
      fetchSnapshot: () => this.fetch(),
      connect: watched(connect, DEAF_AFTER_MS, () => undefined),
      onSnapshot: (view) => this.show(view),
      onEvent: () => undefined,
      onSeen: () => undefined,
      isRefusal: (error) => error instanceof Refusal,
      onRefused: (error) => (this.refusal.value = error as Refusal),
    });
    this.line = this.stream.status;
  }

  async start(): Promise<void> {
    await this.stream.start();
  }

  async refresh(): Promise<void> {
    await this.stream.refetch();
  }

  stop(): void {
    clearTimeout(this.ticking);
    this.stream.stop();
  }

  /** The remark is on record, or stays in its field with the reason why not. */
  async remark(): Promise<void> {
    const text = this.draft.value.trim();
    if (text === "" || this.isSending.value) return;
    this.isSending.value = true;
    this.trouble.value = null;
    try {
      await postJson(`${this.room}/remarks`, { text });
      this.draft.value = "";
      announce(_("Your remark is recorded."));
      await this.refresh();
    } catch (error) {
      this.trouble.value = troubleOf(error);
    } finally {
      this.isSending.value = false;
    }
  }

  private async fetch(): Promise<WatchView> {
    const wait_ms = this.asked_ms + EVERY_MS - performance.now();
    if (wait_ms > 0) await new Promise((resolve) => setTimeout(resolve, wait_ms));
    this.asked_ms = performance.now();
    return getJson<WatchView>(`${this.room}/view`, { timeout_ms: 8000 });
  }

  private show(view: WatchView): void {
    this.offset_ms = Date.parse(view.now) - (this.asked_ms + performance.now()) / 2;
    this.view.value = view;
    this.tick();
  }

  private tick(): void {
    clearTimeout(this.ticking);
    const at = performance.now() + this.offset_ms;
    this.now.value = Math.floor(at / 1000) * 1000;
    this.ticking = setTimeout(() => this.tick(), 1000 - (at % 1000) + 5);
  }
}
