// Words shared by the console's state and its views; what the server says is typed in common/wire.
import type { SeatView, SessionView } from "../common/wire";

export type RoomAct = "open" | "start" | "pause" | "resume" | "message" | "give-time" | "incidents" | "close";
export type SeatAct = "identity" | "admit" | "pause" | "resume" | "message" | "break" | "give-time" | "give-play" | "let-go" | "warn" | "remove" | "move";
/** What asks for words or a confirmation of the whole room before it is done. */
export type RoomAsk = Exclude<RoomAct, "open">;

/** How a seat is drawn: one word, one symbol, one tone. */
export type SeatKind =
  | "free"
  | "expected"
  | "check"
  | "refused"
  | "admit"
  | "admitted"
  | "out"
  | "working"
  | "between"
  | "faint"
  | "silent"
  | "paused"
  | "finished"
  | "removed"
  | "absent";

export type Silence = "none" | "warn" | "alarm";

/** One act at several seats. */
export type BulkAct = "pause" | "resume" | "message";

/** A figure of a seat that is past a threshold. */
export interface Sign {
  readonly code: string;
  readonly title: string;
  readonly grade: Silence;
  readonly value: number;
}

export interface SeatLook {
  readonly kind: SeatKind;
  readonly silence: Silence;
  readonly silence_s: number | null;
}

/** A seat with what is to be seen of it now. */
export interface Card {
  readonly seat: SeatView;
  readonly look: SeatLook;
  readonly signs: readonly Sign[];
}

/** A card with somebody on it. */
export interface Taken extends Card {
  readonly session: SessionView;
}

export type Filter = "all" | "needs" | "identity" | "silent" | "warned";

/** Why something was not done, in words for the person. */
export interface Trouble {
  readonly message: string;
  readonly clause: string | null;
  readonly needsReload: boolean;
}

export interface Done {
  readonly note: string;
  readonly clause: string | null;
}

export interface ActState {
  readonly isBusy: boolean;
  readonly trouble: Trouble | null;
  readonly done: Done | null;
}

export const IDLE: ActState = { isBusy: false, trouble: null, done: null };

/** What is wrong with a field of a form; the key names the field. */
export type Faults = Readonly<Record<string, string>>;
