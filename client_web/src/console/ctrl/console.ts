// Owns the state of the proctor's console: the room as last heard, what is chosen, and the acts under way.
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { Refusal } from "../../common/api";
import { announce, uuid } from "../../common/dom";
import { _ } from "../../common/i18n";
import { Stream, type Connect, type StreamStatus } from "../../common/stream";
import type { CodeReply, DeviceAsk, DoneReply, EventFrame, MoveAsk, SeatView, SessionView, Snapshot } from "../../common/wire";
import * as api from "../api";
import type { Card, Done, Filter, RoomAct, RoomAsk, SeatAct, Sign } from "../types";
import { Acts } from "./acts";
import { apply, applySeen } from "./apply";
import { Bulk } from "./bulk";
import { Drafts } from "./drafts";
import { matches, passes, rollOf } from "./filters";
import { NO_MOVE, type MoveDraft } from "./forms";
import { inOrder } from "./grid";
import { isAllSilent, lookOf } from "./look";
import { knownOf, news, NOTHING_KNOWN, type Known } from "./news";
import { Settler, calmed, lookedAt, signsOf, type Looked } from "./signs";
import { Sound } from "./sound";
import { plainNumber, strangerText } from "./scanner";
import { secondsTo } from "./time";
import { watched } from "./watchdog";

/** The server speaks every five seconds. */
const DEAF_AFTER_MS = 13_000;

export class Console {
  readonly room: string;
  readonly snapshot = signal<Snapshot | null>(null);
  /** The server's clock, a whole second at a time; 0 before the first snapshot. */
  readonly now = signal(0);
  /** The snapshot was refused: signed out, or no longer on duty. */
  readonly refusal = signal<Refusal | null>(null);
  readonly chosenId = signal<number | null>(null);
  readonly cursorId = signal<number | null>(null);
  readonly filter = signal<Filter>("all");
  readonly query = signal("");
  readonly openAct = signal<SeatAct | null>(null);
  readonly ask = signal<RoomAsk | null>(null);
  readonly isConfirmingRemoval = signal(false);
  /** A new one-time code, until it was handed over. */
  readonly code = signal<CodeReply | null>(null);
  /** Grows when the panel should take the focus. */
  readonly panelFocus = signal(0);
  /** A slip that was read and belongs to nobody here. */
  readonly slip = signal<string | null>(null);
  readonly acts = new Acts();
  readonly bulk = new Bulk(this);
  readonly sound = new Sound();
  readonly drafts: Drafts;
  readonly line: { readonly value: StreamStatus };

  private readonly settler = new Settler();
  private readonly looked = signal<Looked>(new Map());
  private readonly stream: Stream;
  private readonly heardAt = signal(0);
  /** When the server came back, if it was away itself: the candidates' silence before is its own. */
  private heardFrom_ms = 0;
  private offset_ms = 0;
  private asked_ms = 0;
  private known: Known = NOTHING_KNOWN;
  private ticking: ReturnType<typeof setTimeout> | undefined;

  constructor(room: string, connect: Connect, shelf: Storage | null = null) {
    this.room = room;
    this.drafts = new Drafts(room, shelf);
    this.stream = new Stream({
      fetchSnapshot: () => this.fetch(),
      connect: watched(connect, DEAF_AFTER_MS, () => (this.heardAt.value = this.clock())),
      onSnapshot: (snapshot) => this.replace(snapshot),
      onEvent: (frame) => this.hear(frame),
      onSeen: (seen) => this.snapshot.value && this.show(applySeen(this.snapshot.value, seen)),
      isRefusal: (error) => error instanceof Refusal,
      onRefused: (error) => (this.refusal.value = error as Refusal),
    });
    this.line = this.stream.status;
    effect(() => this.tell());
    effect(() => this.tellLine(this.stream.status.value));
  }

  readonly isLive = computed(() => this.line.value === "live");

  /** The moment that what is shown is true of: now while events come, else when the server was last heard. */
  readonly asOf = computed(() => (this.isLive.value ? this.now.value : Math.min(this.heardAt.value, this.now.value)));

  readonly cards = computed<readonly Card[]>(() => {
    const snapshot = this.snapshot.value;
    if (!snapshot) return [];
    const at = this.asOf.value;
    return inOrder(snapshot.seats).map((seat) => ({ seat, look: lookOf(seat, at, snapshot, this.heardFrom_ms), signs: this.signs(seat, at, snapshot) }));
  });

  readonly roll = computed(() => rollOf(this.cards.value));

  /** Seats that pass the filter and the search. */
  readonly shownIds = computed<ReadonlySet<number>>(() => {
    const { filter, query } = this;
    const shown = this.cards.value.filter((card) => passes(card, filter.value) && matches(card, query.value));
    return new Set(shown.map((card) => card.seat.seat_id));
  });

  readonly chosen = computed(() => this.cards.value.find((card) => card.seat.seat_id === this.chosenId.value) ?? null);

  /** Seconds until the last latecomer may come, below 0 when over; null while the room does not run. */
  readonly late_s = computed(() => {
    const room = this.snapshot.value?.room;
    return room?.state === "running" ? secondsTo(room.late_until, this.now.value) : null;
  });

  async start(): Promise<void> {
    await this.stream.start();
  }

  /** Fetch how things stand, for instance in another language. */
  async refresh(): Promise<void> {
    await this.stream.refetch();
  }

  stop(): void {
    clearTimeout(this.ticking);
    this.stream.stop();
  }

  /** A slip was read: its candidate's seat is shown, or it is said why there is none; true if there is. */
  read(line: string): boolean {
    const wanted = plainNumber(line);
    const seat = this.snapshot.value?.seats.find((each) => each.session && plainNumber(each.session.who.registration_no) === wanted);
    this.slip.value = seat ? null : line;
    if (seat) this.choose(seat.seat_id, true);
    else announce(strangerText(line));
    return seat !== undefined;
  }

  /** Show a seat in the panel. While a new seat is sought, a free one is that seat. */
  choose(seat_id: number, takesFocus = false): void {
    const seat = this.snapshot.value?.seats.find((each) => each.seat_id === seat_id);
    const mover = this.chosen.value?.seat.session;
    if (this.openAct.value === "move" && mover && seat && !seat.session) {
      this.drafts.set<MoveDraft>(seatKey(mover, "move"), { seat_id });
      announce(_("Seat %(seat)s is chosen.", { seat: seat.number }));
      return;
    }
    const card = this.cards.value.find((each) => each.seat.seat_id === seat_id);
    batch(() => {
      if (card?.seat.session) this.looked.value = lookedAt(this.looked.value, card.seat.session.who.session_id, card.signs);
      if (this.chosenId.value !== seat_id) {
        this.openAct.value = null;
        this.acts.tidy();
      }
      this.chosenId.value = seat_id;
      this.cursorId.value = seat_id;
      this.isConfirmingRemoval.value = false;
      if (takesFocus) this.panelFocus.value += 1;
    });
  }

  toggle(session: SessionView, act: SeatAct): void {
    this.acts.forget(seatKey(session, act));
    this.openAct.value = this.openAct.value === act ? null : act;
    if (this.openAct.value === "remove") void api.watch(this.room, session.who.session_id).catch(() => undefined);
  }

  openAsk(ask: RoomAsk): void {
    this.acts.forget(roomKey(ask));
    this.ask.value = ask;
  }

  /** An act on the whole room. Its dialog closes and its draft goes once it is done. */
  async actOnRoom(act: RoomAct, body: object, note: string): Promise<void> {
    const key = roomKey(act);
    const done = await this.acts.run(key, async () => ({ reply: await api.actOnRoom(this.room, act, body) }), ({ reply }) => said(reply, note));
    if (done) {
      this.drafts.drop(key);
      if (this.ask.value === act) this.ask.value = null;
    }
    await this.refresh();
  }

  /** An act on one candidate; true if it was done. */
  async actOnSeat(session: SessionView, act: Exclude<SeatAct, "move">, body: object, note: string): Promise<boolean> {
    const key = seatKey(session, act);
    const post = async () => ({ reply: await api.actOnSeat(this.room, session.who.session_id, act, body) });
    const done = await this.acts.run(key, post, ({ reply }) => said(reply, note));
    if (done) {
      this.drafts.drop(key);
      this.closeForm(session, act);
    }
    if (act === "remove") this.isConfirmingRemoval.value = false;
    await this.refresh();
    return done !== null;
  }

  async move(session: SessionView, present: SeatView, reason: string): Promise<void> {
    const key = seatKey(session, "move");
    const draft = this.drafts.get(key, NO_MOVE);
    const body: MoveAsk = { seat_id: draft.seat_id ?? present.seat_id, reason: reason.trim() };
    const reply = await this.acts.run(key, () => api.move(this.room, session.who.session_id, body), () => said(null, _("A new code was made.")));
    if (reply) {
      this.drafts.drop(key);
      this.closeForm(session, "move");
      this.code.value = reply;
    }
    await this.refresh();
  }

  /** An answer kept ready, in the language of the candidate's test. Pressed twice it is sent once. */
  async answer(session: SessionView, code: string): Promise<void> {
    const key = `${seatKey(session, "message")}/${code}`;
    const draft = this.drafts.get(key, { key: "" });
    const sent = draft.key || uuid();
    this.drafts.set(key, { key: sent });
    if (await this.actOnSeat(session, "message", { code, key: sent }, _("The message was sent."))) this.drafts.drop(key);
  }

  /** The proctor goes to who calls, or has dealt with it. */
  async moveCall(session: SessionView, verb: "take" | "close"): Promise<void> {
    const note = verb === "take" ? _("The candidate sees that you are coming.") : _("The call is closed.");
    await this.acts.run(callKey(session), () => api.moveCall(this.room, session.who.session_id, verb), () => ({ note, clause: null }));
    await this.refresh();
  }

  /** A computer that waits goes on with the test, or does not. Pressed twice it is decided once. */
  async decideDevice(session: SessionView, claim_id: number, body: DeviceAsk): Promise<void> {
    const key = deviceKey(session);
    await this.acts.run(key, () => api.decideDevice(this.room, session.who.session_id, claim_id, body), (reply) => said(reply, ""));
    await this.refresh();
  }

  private signs(seat: SeatView, at: number, snapshot: Snapshot): Sign[] {
    if (!seat.session) return [];
    const found = signsOf(seat.session, at, snapshot, this.heardFrom_ms);
    const id = seat.session.who.session_id;
    return calmed(this.looked.value, id, this.settler.settle(id, found, at, snapshot.settle_s));
  }

  private closeForm(session: SessionView, act: SeatAct): void {
    const isShown = this.chosen.value?.seat.session?.who.session_id === session.who.session_id;
    if (isShown && this.openAct.value === act) this.openAct.value = null;
  }

  private fetch(): Promise<Snapshot> {
    this.asked_ms = performance.now();
    return api.fetchSnapshot(this.room);
  }

  private replace(snapshot: Snapshot): void {
    // The server read its clock somewhere between the question and the answer.
    const read_ms = (this.asked_ms + performance.now()) / 2;
    batch(() => {
      this.offset_ms = Date.parse(snapshot.now) - read_ms;
      const deaf_ms = this.heardAt.value === 0 ? 0 : this.clock() - this.heardAt.value;
      if (deaf_ms >= snapshot.silence_warn_s * 1000 && isAllSilent(snapshot)) this.heardFrom_ms = this.clock();
      this.heardAt.value = this.clock();
      this.refusal.value = null;
      this.show(snapshot);
      this.tick();
    });
  }

  private hear(frame: EventFrame): void {
    const { value } = this.snapshot;
    const next = value && apply(value, frame);
    if (next) this.show(next);
    else void this.stream.refetch();
  }

  /** Draw `snapshot`; the panel follows its candidate to another seat. */
  private show(snapshot: Snapshot): void {
    const session_id = this.chosen.peek()?.seat.session?.who.session_id;
    const seat = snapshot.seats.find((each) => session_id !== undefined && each.session?.who.session_id === session_id);
    batch(() => {
      if (seat && seat.seat_id !== this.chosenId.value) this.cursorId.value = this.chosenId.value = seat.seat_id;
      this.snapshot.value = snapshot;
    });
  }

  private clock(): number {
    return performance.now() + this.offset_ms;
  }

  private tick(): void {
    clearTimeout(this.ticking);
    const at = this.clock();
    this.now.value = Math.floor(at / 1000) * 1000;
    this.ticking = setTimeout(() => this.tick(), 1000 - (at % 1000) + 5);
  }

  private tell(): void {
    if (!this.snapshot.value) return;
    const cards = this.cards.value;
    const now = knownOf(cards, this.late_s.value);
    const said = this.known === NOTHING_KNOWN ? [] : news(this.known, now, cards);
    const isSomebodyNew = [...now.needing].some((id) => !this.known.needing.has(id)) && this.known !== NOTHING_KNOWN;
    this.known = now;
    if (said.length > 0) untracked(() => announce(said.join(" ")));
    if (isSomebodyNew) this.sound.play();
  }

  private tellLine(status: StreamStatus): void {
    if (!this.snapshot.peek()) return;
    if (status === "live") untracked(() => announce(_("The console is connected.")));
  }
}

function said(reply: DoneReply | null, note: string): Done {
  return { note: reply?.note || note, clause: reply?.clause ?? null };
}

export function roomKey(act: RoomAct): string {
  return `room/${act}`;
}

export function deviceKey(session: SessionView): string {
  return `${session.who.session_id}/device`;
}

export function callKey(session: SessionView): string {
  return `${session.who.session_id}/call`;
}

export function seatKey(session: SessionView, act: SeatAct): string {
  return `${session.who.session_id}/${act}`;
}
