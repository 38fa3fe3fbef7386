// A view kept current by a versioned snapshot and the events after it. `follow` decides; `Stream` does the fetching.
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Envelope, EventFrame, Snapshot, SessionSeen } from "./wire";

/** How far one knows a topic. */
export interface Position {
  readonly epoch: string;
  readonly topic: string;
  readonly v: number;
}

export interface Verdict {
  /** The events that come next, in order; none when all are old. */
  readonly fresh: readonly EventFrame[];
  /** Something was missed, so what is shown cannot be trusted. */
  readonly isGap: boolean;
}

/** What an envelope means to someone at `at`: old events are skipped, a gap or another epoch asks for a refetch. */
export function follow(at: Position, envelope: Envelope): Verdict {
  if (envelope.topic !== at.topic) return { fresh: [], isGap: false };
  if (envelope.epoch !== at.epoch) return { fresh: [], isGap: true };
  const fresh: EventFrame[] = [];
  let v = at.v;
  for (const frame of envelope.events) {
    if (frame.v <= v) continue;
    if (frame.v !== v + 1) return { fresh, isGap: true };
    fresh.push(frame);
    v = frame.v;
  }
  return { fresh, isGap: false };
}

/** True if a pulse shows that something was missed. */
export function isBehind(at: Position, pulse: Position): boolean {
  return pulse.topic === at.topic && (pulse.epoch !== at.epoch || pulse.v > at.v);
}

/** What the socket tells; a connection is one try, and never reconnects by itself (its ticket is spent). */
export interface Listener {
  onOpen(): void;
  onEvents(envelope: Envelope): void;
  onSeen(seen: SessionSeen): void;
  onPulse(pulse: Position): void;
  onClose(): void;
}

/** `origin` is null where the socket is at the page's own. */
export type Connect = (ticket: string, listener: Listener, origin: string | null) => { close(): void };

/** What a stream asks of a snapshot, whatever else it holds. */
export type Fed = Position & Pick<Snapshot, "ticket" | "realtime_origin">;

export interface StreamOptions<S extends Fed = Snapshot> {
  fetchSnapshot(): Promise<S>;
  connect: Connect;
  onSnapshot(snapshot: S): void;
  onEvent(frame: EventFrame): void;
  onSeen(seen: SessionSeen): void;
  /** The snapshot was refused (not signed in, no longer on duty); the stream has stopped. */
  onRefused?(error: unknown): void;
  isRefusal?(error: unknown): boolean;
}

export type StreamStatus = "connecting" | "live" | "lost" | "stopped";

/** The last, with its spread, keeps a console from being away longer than five seconds after the server is back. */
const BACKOFF_MS = [500, 1000, 2000, 3000];

/** Keeps `onSnapshot` and `onEvent` fed in order for as long as it runs. */
export class Stream<S extends Fed = Snapshot> {
  readonly status: ReadonlySignal<StreamStatus>;
  private readonly state = signal<StreamStatus>("connecting");
  private readonly options: StreamOptions<S>;
  private at: Position | null = null;
  private socket: { close(): void } | null = null;
  private waiting: Envelope[] = [];
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isFetching = false;
  private isStopped = false;

  constructor(options: StreamOptions<S>) {
    this.options = options;
    this.status = this.state;
  }

  async start(): Promise<void> {
    this.isStopped = false;
    await this.reopen();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.hangUp();
    this.state.value = "stopped";
  }

  /** Fetch the snapshot anew, keeping the socket; also of use after the person's own act. */
  async refetch(): Promise<void> {
    if (this.isFetching || this.isStopped) return;
    if (!(await this.load())) this.retry();
  }

  private async reopen(): Promise<void> {
    if (this.isStopped) return;
    this.hangUp();
    const snapshot = await this.load();
    if (this.isStopped) return;
    if (!snapshot) return this.retry();
    this.dial(snapshot.ticket, snapshot.realtime_origin);
  }

  private async load(): Promise<S | null> {
    this.isFetching = true;
    try {
      const snapshot = await this.options.fetchSnapshot();
      if (this.isStopped) return null;
      this.at = { epoch: snapshot.epoch, topic: snapshot.topic, v: snapshot.v };
      this.options.onSnapshot(snapshot);
      return snapshot;
    } catch (error) {
      if (this.options.isRefusal?.(error)) {
        this.stop();
        this.options.onRefused?.(error);
      }
      return null;
    } finally {
      this.isFetching = false;
      const held = this.waiting;
      this.waiting = [];
      for (const envelope of held) this.take(envelope);
    }
  }

  /** Each connection has its own flag, so that a late word from a closed one is not heard. */
  private dial(ticket: string, origin: string | null): void {
    let isMine = true;
    const guarded = <A>(act: (value: A) => void) => (value: A) => {
      if (isMine && !this.isStopped) act(value);
    };
    const listener: Listener = {
      onOpen: guarded(() => this.opened()) as () => void,
      onEvents: guarded((envelope: Envelope) => this.take(envelope)),
      onSeen: guarded((seen: SessionSeen) => this.options.onSeen(seen)),
      onPulse: guarded((pulse: Position) => this.hear(pulse)),
      onClose: guarded(() => this.retry()) as () => void,
    };
    const socket = this.options.connect(ticket, listener, origin);
    this.socket = {
      close: () => {
        isMine = false;
        socket.close();
      },
    };
  }

  private opened(): void {
    this.failures = 0;
    this.state.value = "live";
  }

  private take(envelope: Envelope): void {
    if (this.isFetching) {
      this.waiting.push(envelope);
      return;
    }
    if (!this.at) return;
    const { fresh, isGap } = follow(this.at, envelope);
    for (const frame of fresh) {
      this.at = { ...this.at, v: frame.v };
      this.options.onEvent(frame);
    }
    if (isGap) void this.refetch();
  }

  private hear(pulse: Position): void {
    if (this.at && !this.isFetching && isBehind(this.at, pulse)) void this.refetch();
  }

  private hangUp(): void {
    this.socket?.close();
    this.socket = null;
  }

  /** A ticket serves once and briefly, so every new try begins with a new snapshot. */
  private retry(): void {
    if (this.isStopped) return;
    this.hangUp();
    this.state.value = "lost";
    const wait = BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length - 1)] ?? 3000;
    this.failures += 1;
    clearTimeout(this.timer);
    // Spread, or a hundred consoles would come back in the same instant.
    this.timer = setTimeout(() => void this.reopen(), wait * (0.75 + Math.random() / 2));
  }
}
