// One recording as it is heard here: the server counts its plays and hands out the bytes of each, this page only sounds them.
import { signal } from "@preact/signals";
import { Refusal, Unreachable, csrfToken } from "../../common/api";
import { announce, uuid } from "../../common/dom";
import { _ } from "../../common/i18n";
import type { ErrorReply, Play, StepView } from "../../common/wire";

const AGAIN_MS = 2000;
const TICK_MS = 200;
const VOLUME = "synak-volume";
const LOUD = 80;

/** `fetching` may last: there may be no network just now. */
export type Phase = "still" | "fetching" | "playing" | "paused";
type Recording = NonNullable<StepView["recording"]>;
interface Given {
  readonly data: ArrayBuffer;
  readonly number: number;
}

export class Sound {
  readonly phase = signal<Phase>("still");
  /** How many plays are gone, this one included. */
  readonly used = signal(0);
  readonly heard_ms = signal(0);
  readonly volume = signal(kept());
  readonly isCut = signal(false);
  readonly refusal = signal<Refusal | null>(null);
  /** This computer makes no sound of it. */
  readonly isBroken = signal(false);
  private readonly recording: Recording;
  private readonly place: Omit<Play, "key">;
  private context: AudioContext | null = null;
  private gain: GainNode | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isGone = false;
  /** Plays given back so far. */
  private given: number;

  constructor(step: StepView, recording: Recording, given = 0) {
    this.given = given;
    this.recording = recording;
    this.place = { section_id: step.section_id, seq: step.seq };
    this.used.value = recording.used;
  }

  get left(): number {
    return Math.max(0, this.recording.plays - this.used.value);
  }

  /** The server was asked meanwhile; it counts back only where a play was given back since. */
  learn(used: number, given: number): void {
    const isBack = given > this.given;
    this.given = given;
    if (!isBack && used <= this.used.value) return;
    this.used.value = used;
    if (!isBack) return;
    this.refusal.value = null;
    announce(_("The recording may be heard once more. Plays left: %(left)s of %(plays)s", { left: this.left, plays: this.recording.plays }));
  }

  /** One play. The context is made within the press of the button, or the browser would keep it silent. */
  async play(): Promise<void> {
    if (this.phase.value !== "still" || this.left === 0) return;
    this.phase.value = "fetching";
    this.refusal.value = null;
    this.heard_ms.value = 0;
    try {
      this.context = new AudioContext();
      const given = await this.fetch({ ...this.place, key: uuid() });
      if (given && !this.isGone) await this.sound(given, this.context);
    } catch (error) {
      if (error instanceof Refusal) this.refusal.value = error;
      else this.isBroken.value = true;
      this.end();
    }
  }

  /** Only where it was decided so. */
  async pause(): Promise<void> {
    const isPlaying = this.phase.value === "playing";
    if (!this.recording.may_pause || (!isPlaying && this.phase.value !== "paused")) return;
    await (isPlaying ? this.context?.suspend() : this.context?.resume());
    this.phase.value = isPlaying ? "paused" : "playing";
  }

  loudness(volume: number): void {
    this.volume.value = volume;
    if (this.gain) this.gain.gain.value = volume / 100;
    try {
      localStorage.setItem(VOLUME, String(volume));
    } catch {
      // Not remembered, then.
    }
  }

  /** The item is left. */
  stop(): void {
    this.isGone = true;
    this.end();
  }

  /** Asked for under one key until it comes: however often it is sent, it is one play. */
  private async fetch(ask: Play): Promise<Given | null> {
    while (!this.isGone) {
      try {
        const given = await handOut(ask);
        this.isCut.value = false;
        return given;
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        this.isCut.value = true;
        await new Promise((resolve) => (this.timer = setTimeout(resolve, AGAIN_MS)));
      }
    }
    return null;
  }

  private async sound({ data, number }: Given, context: AudioContext): Promise<void> {
    this.used.value = Math.max(this.used.value, number);
    const buffer = await context.decodeAudioData(data);
    await context.resume();
    const source = context.createBufferSource();
    this.gain = context.createGain();
    this.gain.gain.value = this.volume.value / 100;
    source.buffer = buffer;
    source.connect(this.gain).connect(context.destination);
    source.onended = () => this.over();
    const began = context.currentTime;
    source.start();
    this.phase.value = "playing";
    announce(_("Playing, %(number)s of %(plays)s", { number, plays: this.recording.plays }));
    const tick = () => {
      this.heard_ms.value = Math.min(this.recording.duration_ms, (context.currentTime - began) * 1000);
      this.timer = setTimeout(tick, TICK_MS);
    };
    tick();
  }

  private over(): void {
    if (this.isGone) return;
    this.end();
    announce(_("The recording is over. Plays left: %(left)s of %(plays)s", { left: this.left, plays: this.recording.plays }));
  }

  private end(): void {
    clearTimeout(this.timer);
    this.isCut.value = false;
    this.heard_ms.value = 0;
    this.phase.value = "still";
    void this.context?.close();
    this.context = this.gain = null;
  }
}

async function handOut(ask: Play): Promise<Given> {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrfToken() };
  const init = { method: "POST", headers, body: JSON.stringify(ask), credentials: "same-origin", cache: "no-store" } as const;
  let reply: Response;
  try {
    reply = await fetch("/exam/media/play", init);
    if (reply.ok) return { data: await reply.arrayBuffer(), number: Number(reply.headers.get("Play-Number")) };
    if (reply.status >= 500 || reply.status === 429) throw new Error(String(reply.status));
  } catch (cause) {
    throw new Unreachable(String(cause));
  }
  throw new Refusal(reply.status, ((await reply.json()) as ErrorReply).error);
}

function kept(): number {
  const volume = Number(localStorage.getItem(VOLUME) ?? LOUD);
  return volume >= 0 && volume <= 100 ? volume : LOUD;
}
