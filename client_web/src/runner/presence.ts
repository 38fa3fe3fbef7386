// Whether the test is looked at: each leaving of the window or of full screen is kept until the server has it.
import { signal } from "@preact/signals";
import { isTyping, uuid } from "../common/dom";
import type { Battery, DepartureKind, Heartbeat, Leaving } from "../common/wire";

interface Kept {
  readonly key: string;
  readonly kind: DepartureKind;
  readonly at: number;
  away_ms: number | null;
  isTold: boolean;
}

interface Power extends EventTarget {
  readonly level: number;
  readonly charging: boolean;
}

type Facts = Required<Pick<Heartbeat, "leavings" | "is_away" | "battery">>;

/** More at once than the server takes would only wait for the next sign of life. */
const MOST = 20;

export class Presence {
  /** How often the test was left since the candidate last said that this is understood. */
  readonly unread = signal(0);
  /** Full screen was asked for, entered and left again. */
  readonly isFullLeft = signal(false);
  /** Set by the page: whether leaving counts now, and what to do at once. */
  isWatched: () => boolean = () => false;
  onChange: (isBack: boolean) => void = () => undefined;
  private kept: Kept[] = [];
  private open: Kept | null = null;
  private isBlurred = false;
  private wasFull = false;
  private battery: Battery | null = null;

  /** Listens from now on; asks the browser for its battery where it tells. */
  watch(): void {
    const set = (isBlurred: boolean) => () => {
      this.isBlurred = isBlurred;
      this.look();
    };
    window.addEventListener("blur", set(true));
    window.addEventListener("focus", set(false));
    document.addEventListener("visibilitychange", () => this.look());
    document.addEventListener("fullscreenchange", () => this.look());
    void this.plug(navigator as { getBattery?: () => Promise<Power> }).catch(() => undefined);
  }

  /** What the next sign of life tells. */
  facts(): Facts {
    const leavings = this.kept.filter((each) => !each.isTold).slice(0, MOST).map((each) => told(each));
    return { leavings, is_away: this.open !== null, battery: this.battery };
  }

  /** The server has these. */
  has(leavings: readonly Leaving[]): void {
    for (const { key, away_ms } of leavings) {
      const found = this.kept.find((each) => each.key === key);
      if (!found) continue;
      if (away_ms === null && found.away_ms === null) found.isTold = true;
      else if (away_ms !== null) this.kept = this.kept.filter((each) => each !== found);
    }
  }

  private look(): void {
    const isFull = document.fullscreenElement !== null && document.fullscreenElement !== undefined;
    this.wasFull ||= isFull;
    const isWatched = this.isWatched();
    if (!isWatched) this.wasFull = isFull;
    this.isFullLeft.value = this.wasFull && !isFull;
    const kind = document.hidden || this.isBlurred ? "window" : this.wasFull && !isFull ? "full_screen" : null;
    if (kind && !this.open && isWatched) this.leave(kind);
    else if (!kind && this.open) this.come(this.open);
    else if (!kind) this.onChange(true);
  }

  private leave(kind: DepartureKind): void {
    this.open = { key: uuid(), kind, at: performance.now(), away_ms: null, isTold: false };
    this.kept.push(this.open);
    this.unread.value += 1;
    this.onChange(false);
  }

  private come(open: Kept): void {
    open.away_ms = Math.round(performance.now() - open.at);
    open.isTold = false;
    this.open = null;
    this.onChange(true);
  }

  private async plug(source: { getBattery?: () => Promise<Power> }): Promise<void> {
    const power = await source.getBattery?.();
    if (!power) return;
    const read = () => (this.battery = { percent: Math.round(power.level * 100), is_charging: power.charging });
    read();
    for (const name of ["levelchange", "chargingchange"]) power.addEventListener(name, read);
  }
}

function told({ key, kind, at, away_ms }: Kept): Leaving {
  return { key, kind, ago_ms: Math.round(performance.now() - at), away_ms };
}

const TAKING = ["copy", "cut", "paste", "contextmenu", "dragstart", "drop"];
/** Print, save, view source, search: by position of the key, whatever the keyboard's language. */
const KEYS: ReadonlySet<string> = new Set(["KeyP", "KeyS", "KeyU"]);

/** Nothing is taken off the page or brought in from elsewhere; in one's own fields one's own words may be moved. */
export function guard(): void {
  let own = "";
  const judge = (event: Event) => {
    const isOwnField = isTyping(event.target);
    if (isOwnField && (event.type === "copy" || event.type === "cut")) own = selected(event.target);
    else if (!(isOwnField && event.type === "paste" && isOwn(event as ClipboardEvent, own))) event.preventDefault();
  };
  for (const name of TAKING) document.addEventListener(name, judge, true);
  document.addEventListener("keydown", (event) => (event.ctrlKey || event.metaKey) && !event.altKey && KEYS.has(event.code) && event.preventDefault(), true);
}

function selected(field: EventTarget | null): string {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return "";
  return field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0);
}

function isOwn({ clipboardData }: ClipboardEvent, own: string): boolean {
  return own !== "" && clipboardData?.getData("text/plain") === own;
}
