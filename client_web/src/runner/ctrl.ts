// Owns the state of the candidate's page. Views draw it; the server decides; what was answered goes through the outbox.
import { computed, signal } from "@preact/signals";
import { Refusal, Unreachable } from "../common/api";
import { Countdown } from "../common/clock";
import { uuid } from "../common/dom";
import { MemoryOutbox, type Entry, type Outbox } from "../common/outbox";
import { Patience } from "../common/patience";
import type { Answer, AnswerReply, CallView, ClockView, Heartbeat, HeartbeatReply, RunnerState, StepView, Working } from "../common/wire";
import * as api from "./api";
import { LineWatch } from "./line";
import { Presence } from "./presence";
import { Pulse, isOver } from "./pulse";
import { Refresher } from "./refresher";
import { sayBack, sayGiven, sayPaused, saySaved, sayTimeLeft } from "./say";
import { Sender } from "./sender";
import { showAids } from "./tools/aids";
import { EXPECTED, NEEDS_RELOAD, answerOf, isWhole, isWritten, stepName, type Draft, type Screen } from "./types";
import { WorkingArea } from "./working/ctrl";

const MARKS_S = [600, 300, 60];
const UNDER_WAY: ReadonlySet<string> = new Set(["running", "between", "paused"]);
const BEAT_MS = 4000;
const EAGER_MS = 2000;
/** The proctor looks closely at this seat: what follows is to be seen here in the same second (DC-15). */
const WATCHED_MS = 400;
/** A sign of life that met no server is repeated at once, so that a hiccup is over before it is told of. */
const DOUBT_MS = 700;
const NEAR_S = 60;
const RESULT_FIRST_MS = 1500;
const RESULT_EVERY_MS = 30_000;
/** The server takes answers for one second more; asking sooner would find the section still open. */
const SETTLE_MS = 1200;
/** A whole room's clocks end together: the pages ask spread over this time. */
const SPREAD_MS = 700;
/** The proctor is to say whether the test goes on here; it is asked for this often. */
const WAITS = "device_waits";
const WAITS_MS = 2500;

export class Runner {
  readonly screen = signal<Screen>("loading");
  readonly state = signal<RunnerState | null>(null);
  readonly draft = signal<Draft>(null);
  /** What the open step is answered with so far; a written text stands where it is saved while it is typed. */
  readonly given = computed<Draft>(() => {
    const step = this.state.value?.step ?? null;
    if (!isWritten(step)) return this.draft.value;
    return stepName(step) === this.lateStep.value ? null : { kind: "extended", extended: this.working.text.value };
  });
  /** The answer now on its way; while there is one, nothing can be changed. */
  readonly unsent = signal<Entry<Answer> | null>(null);
  readonly network = new LineWatch();
  readonly isConfirming = signal(false);
  readonly isBusy = signal(false);
  /** What the server refused, in its words. */
  readonly refusal = signal<Refusal | null>(null);
  readonly isLocked = computed(() => this.unsent.value !== null);
  readonly countdown: Countdown;
  /** Until the present break is over. */
  readonly breakLeft = new Countdown({ marks_s: [], onMark: () => undefined, onEnd: () => this.refresher.later(SETTLE_MS) });
  /** What stands beside the open step (DC-13). */
  readonly working: WorkingArea;

  private readonly outbox: Outbox<Answer>;
  private readonly sender: Sender;
  private readonly pulse: Pulse;
  private readonly refresher: Refresher;
  private readonly patience = new Patience();
  private looks = 0;
  /** What an act or an answer met: it stays to be read until the next one, however often the state is fetched. */
  private verdict: Refusal | null = null;
  /** The proctor was called and has not closed the matter. */
  readonly call = signal<CallView | null>(null);
  readonly presence: Presence;
  private readMessageId = signal<number | null>(null);
  /** On its way into the outbox, where it cannot be found yet. */
  private storing: Entry<Answer> | null = null;
  private shown = { step: "", at: 0 };
  /** The step whose answer came too late. */
  private lateStep = signal("");

  constructor(outbox: Outbox<Answer>, presence = new Presence(), workings: Outbox<Working> = new MemoryOutbox()) {
    this.outbox = outbox;
    this.working = new WorkingArea(workings);
    this.presence = presence;
    presence.isWatched = () => this.isUnderWay;
    presence.onChange = (isBack) => (isBack ? this.hurry() : void this.pulse.beat());
    this.countdown = new Countdown({ marks_s: MARKS_S, onMark: (s) => this.isRunning && sayTimeLeft(s), onEnd: () => this.timeUp() });
    this.sender = new Sender({
      outbox,
      post: async (answer) => {
        await this.working.settle(answer);
        return api.sendAnswer(answer);
      },
      onSaved: (entry, reply) => this.saved(entry, reply),
      onRefused: (refusal, isKept) => this.answerRefused(refusal, isKept),
      onTrouble: () => this.network.trouble(),
    });
    this.refresher = new Refresher({
      onState: (state, isCurrent) => this.accept(state, isCurrent),
      onRefused: (refusal) => this.isElsewhere(refusal) || (this.refusal.value = refusal),
      onTrouble: () => this.network.trouble(),
    });
    this.pulse = new Pulse({
      every_ms: () => (this.network.isDoubtful ? DOUBT_MS : this.isWatched ? WATCHED_MS : this.isAboutToStart ? EAGER_MS : BEAT_MS),
      facts: () => ({
        ...this.presence.facts(),
        unsent: this.unsent.value ? 1 : 0,
        shown_message_id: this.message.value?.id ?? null,
        read_message_id: this.readMessageId.value,
      }),
      onReply: (reply, sent) => this.heartbeat(reply, sent),
      onRefused: (refusal) => this.refused(refusal),
      onTrouble: () => this.network.trouble(),
    });
  }

  private isWatched = false;
  private hasGivenUp = false;

  /** This computer waits for the proctor's word: another one holds the test. */
  readonly isWaiting = computed(() => this.isBusy.value && this.refusal.value?.code === WAITS);

  /** The test has begun here and is not over: leaving it is recorded. */
  private get isUnderWay(): boolean {
    return this.screen.value === "exam" && UNDER_WAY.has(this.state.value?.clock.phase ?? "");
  }

  get isRunning(): boolean {
    return this.state.value?.clock.phase === "running";
  }

  /** The room may start at any moment: who waits for the word hears of it within two seconds. */
  private get isAboutToStart(): boolean {
    const { clock, is_admitted } = this.state.value ?? {};
    return clock?.phase === "waiting" && is_admitted === true && (this.countdown.seconds.value ?? 0) <= NEAR_S;
  }

  get step(): StepView | null {
    return this.state.value?.step ?? null;
  }

  /** The proctor's message, until it has been read. */
  readonly message = computed(() => {
    const message = this.state.value?.message ?? null;
    return message && message.id !== this.readMessageId.value ? message : null;
  });

  /** What the page brought along is shown at once; false where it brought nothing, and the server is to be asked. */
  async begin(): Promise<boolean> {
    const state = api.takeState();
    if (state) await this.learn(state);
    return state !== null;
  }

  /** Fetch how things stand. */
  async refresh(): Promise<void> {
    await this.refresher.refresh();
  }

  async signIn(registration_no: string, code: string): Promise<void> {
    const key = uuid(); // the code counts once: sent again because no reply came, it must be known as the same
    await this.act(async () => this.learn(await api.signIn({ registration_no, code, key })));
  }

  /** Nothing more is asked for: the form is there again. */
  stopWaiting(): void {
    this.hasGivenUp = true;
    this.judge(null);
    this.patience.hurry();
  }

  async beginSection(section_id: number): Promise<void> {
    await this.act(async () => this.learn(await api.beginSection({ section_id })));
  }

  /** The clock stands still, where breaks were decided. */
  async takeBreak(): Promise<void> {
    await this.act(async () => this.learn(await api.takeBreak()));
  }

  async goOn(): Promise<void> {
    await this.act(async () => this.learn(await api.goOn()));
  }

  /** The test is over; the next candidate may sign in here. */
  async signOut(): Promise<void> {
    await this.act(async () => {
      await api.signOut();
      this.leave("sign_in");
    });
  }

  edit(draft: Draft): void {
    if (this.isLocked.value) return;
    if (draft?.kind === "extended") this.working.write(draft.extended);
    else this.draft.value = draft;
  }

  /** Next: store the answer, then send it. A blank one is asked about first. */
  async submit(isBlankMeant = false): Promise<void> {
    const { step } = this;
    const owner = this.state.value?.session_id;
    if (!step || owner === undefined || this.isLocked.value) return;
    const given = answerOf(this.given.value);
    if (!isWhole(step.item, given) && !isBlankMeant) {
      this.isConfirming.value = true;
      return;
    }
    this.isConfirming.value = false;
    const [key, spent_ms] = [uuid(), Math.round(performance.now() - this.shown.at)];
    const body: Answer = { section_id: step.section_id, seq: step.seq, key, given, spent_ms };
    this.storing = this.unsent.value = { key, owner, body };
    this.network.saving();
    await this.outbox.put(this.storing);
    this.storing = null;
    await this.sender.flush(owner);
  }

  readMessage(): void {
    this.readMessageId.value = this.message.value?.id ?? this.readMessageId.value;
    void this.pulse.beat();
  }

  /** The browser says that the network is back, or the window is looked at again. */
  hurry(): void {
    this.sender.hurry();
    this.patience.hurry();
    if (this.screen.value === "exam") void this.pulse.beat();
    else if (this.screen.value === "loading") void this.refresh();
  }

  /** Another tab runs the exam from now on. */
  stop(): void {
    this.screen.value = "other_tab";
    this.silence();
  }

  /** This tab runs the exam again. */
  async resume(): Promise<void> {
    this.screen.value = "loading";
    await this.refresh();
  }

  /** The candidate has a new code. */
  askSignIn(): void {
    this.leave("sign_in");
  }

  private async learn(state: RunnerState): Promise<void> {
    this.refresher.overtake();
    await this.accept(state);
  }

  /** Done as soon as there is a network, however long that takes: every act is harmless when it is repeated. */
  private async act(ask: () => Promise<void>): Promise<void> {
    if (this.isBusy.value) return;
    this.isBusy.value = true;
    this.hasGivenUp = false;
    this.judge(null);
    this.patience.reset();
    try {
      while (!(await this.isDone(ask)) && this.screen.value !== "other_tab") {
        await this.patience.wait(this.isWaiting.value ? WAITS_MS : undefined);
        if (this.hasGivenUp) break;
      }
    } finally {
      this.isBusy.value = false;
    }
  }

  private async isDone(ask: () => Promise<void>): Promise<boolean> {
    try {
      await ask();
    } catch (error) {
      if (error instanceof Unreachable) {
        this.network.trouble();
        return false;
      }
      if (!(error instanceof Refusal)) throw error;
      this.heard();
      if (this.hasGivenUp) return true;
      this.refused(error);
      return error.code !== WAITS;
    }
    return true;
  }

  private async accept(state: RunnerState, isCurrent = () => true): Promise<void> {
    const [stored] = await this.outbox.pending(state.session_id);
    // While the outbox was read, the answer may have been acknowledged, or another tab taken over.
    if (!isCurrent() || this.screen.value === "other_tab") return;
    const held = stored ?? this.storing;
    this.unsent.value = held;
    this.show(state);
    this.screen.value = "exam";
    this.refusal.value = this.verdict;
    const { phase } = state.clock;
    if (isOver(phase)) this.pulse.stop();
    else this.pulse.start();
    if (phase === "submitted" && !state.result) this.lookForResult();
    const isOut = phase === "running" && state.clock.remaining_ms === 0;
    if (isOut || (phase === "between" && state.clock.total_remaining_ms === 0)) this.awaitVerdict();
    if (!held) this.heard();
    else if (phase === "paused" || isOut) this.network.well("held");
    else this.network.saving();
    if (held && phase !== "paused" && !isOut) void this.sender.flush(state.session_id);
  }

  /** Time is up: the server closes what ran, or holds it where the line was down. That the page is there counts. */
  private awaitVerdict(): void {
    void this.pulse.beat();
    this.refresher.later(SETTLE_MS);
  }

  /** Grades often stand a moment after the end; where the office releases them later, the page asks ever more seldom. */
  private lookForResult(): void {
    this.refresher.later(Math.min(RESULT_EVERY_MS, RESULT_FIRST_MS * 2 ** this.looks));
    this.looks += 1;
  }

  /** Draw `state`. What was being thought about stays as long as the step is the same. */
  private show(state: RunnerState): void {
    const { clock, step } = state;
    const name = stepName(step);
    if (step && name !== this.shown.step) {
      this.shown = { step: name, at: performance.now() };
      const own = this.unsent.value?.body;
      const isOwn = own && stepName(own) === name;
      this.draft.value = isOwn ? own.given : null;
      this.isConfirming.value = false;
    }
    if (clock.phase !== "running") this.isConfirming.value = false;
    if (clock.phase === "paused" && this.state.value?.clock.phase !== "paused") sayPaused();
    void this.working.show(state);
    showAids(state, name);
    this.breakLeft.set(state.times.break_ends_in_ms, true);
    this.state.value = state;
    this.setClock(clock);
  }

  private saved(entry: Entry<Answer>, reply: AnswerReply): void {
    this.refresher.overtake();
    if (this.unsent.value?.key === entry.key) this.unsent.value = null;
    this.network.well("saved");
    this.judge(null);
    const state = this.state.value;
    if (!state) return;
    const sections = state.sections.map((old) => (old.section_id === reply.section.section_id ? reply.section : old));
    this.show({ ...state, clock: reply.clock, sections, step: reply.step });
    if (reply.clock.phase !== "paused") saySaved();
    if (!reply.step) void this.refresh();
  }

  private answerRefused(refusal: Refusal, isKept: boolean): void {
    this.refresher.overtake();
    this.network.well(isKept ? "held" : "connected");
    if (!isKept) this.unsent.value = null;
    if (refusal.code === "time_is_up") {
      this.draft.value = null; // or the end of the countdown would send it once more
      this.lateStep.value = stepName(this.step);
    }
    this.refused(refusal);
  }

  private refused(refusal: Refusal): void {
    if (this.isElsewhere(refusal)) return;
    this.judge(EXPECTED.has(refusal.code) ? null : refusal);
    if (this.screen.value !== "sign_in" && !NEEDS_RELOAD.has(refusal.code)) void this.refresh();
  }

  private judge(verdict: Refusal | null): void {
    this.verdict = this.refusal.value = verdict;
  }

  /** True if the exam is not here any more; the page then says so. */
  private isElsewhere({ code }: Refusal): boolean {
    if (code === "not_signed_in") this.leave("sign_in");
    else if (code === "other_device") this.leave("other_device");
    else return false;
    return true;
  }

  private leave(screen: Screen): void {
    if (this.screen.value === "other_tab") return;
    this.silence();
    this.network.well("connected");
    this.judge(null);
    this.screen.value = screen;
  }

  private silence(): void {
    this.working.stop();
    this.pulse.stop();
    this.countdown.clear();
    this.refresher.cancel();
    this.network.forget();
  }

  /** The server was reached, and has all that was said. */
  private heard(): void {
    if (this.network.isCut) sayBack();
    this.network.well(this.network.line.value === "saved" ? "saved" : "connected");
  }

  private heartbeat(reply: HeartbeatReply, sent: Heartbeat): void {
    const state = this.state.value;
    this.presence.has(sent.leavings ?? []);
    if (!state) return;
    this.call.value = reply.call ?? null;
    this.isWatched = reply.is_watched;
    if (!this.unsent.value) this.heard();
    else if (this.network.isCut) this.sender.hurry();
    const isBehind = reply.clock.phase !== state.clock.phase || reply.is_admitted !== state.is_admitted;
    if (isBehind || reply.times.plays_given !== state.times.plays_given) return void this.refresh();
    this.setClock(reply.clock);
    if (reply.times.given_s !== state.times.given_s) {
      sayGiven(reply.times.given_s);
      this.state.value = { ...state, times: { ...state.times, given_s: reply.times.given_s } };
    }
    if (!reply.message || reply.message.id === state.message?.id) return;
    this.state.value = { ...(this.state.value ?? state), message: reply.message };
    void this.pulse.beat(); // the proctor sees at once that it is shown
  }

  /** Between sections only the time of the whole test runs. */
  private setClock(clock: ClockView): void {
    const left_ms = clock.phase === "between" ? clock.total_remaining_ms : clock.remaining_ms;
    this.countdown.set(left_ms, clock.phase !== "paused" && !isOver(clock.phase));
  }

  /** What was chosen when the time ran out is sent, as a mark on paper would count; then the server says what follows. */
  private timeUp(): void {
    this.working.hurry();
    if (this.isRunning && answerOf(this.given.value)) void this.submit(true);
    void this.pulse.beat();
    this.refresher.later(SETTLE_MS + Math.random() * SPREAD_MS);
  }
}
