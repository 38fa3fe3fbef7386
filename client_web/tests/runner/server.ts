// A stand-in for the server at the edge of the page: it answers fetch as the contract says, and fails on demand.
import { vi } from "vitest";
import type { Answer, AnswerReply, ClockView, ErrorBody, Heartbeat, HeartbeatReply, ItemView, RunnerState, SectionView, SignIn, StepView, Working, WorkingReply } from "../../src/common/wire";

type Fault = "network" | "gateway" | "lost reply" | { readonly status: number; readonly code: string };

export const CHOICE: ItemView = {
  type: "choice",
  language: "ky",
  stem: ["?"],
  options: ["a", "b", "c", "d"].map((id) => ({ id, content: [id], spoken: null, area: null })),
  slots: [],
  passage: null,
  is_numeric: false,
  is_several: false,
  figures: {},
  picture: null,
  words: null,
};
export const TEXT: ItemView = { ...CHOICE, type: "text_entry", options: [] };
export const option = (id: string) => ({ kind: "option", option: id }) as const;

export class FakeServer {
  phase: ClockView["phase"] = "running";
  session_id = 7;
  seq = 1;
  length = 3;
  may_end_early = false;
  remaining_ms = 3_600_000;
  is_signed_in = true;
  is_admitted = true;
  working_kinds: string[] = [];
  /** What was last saved beside a step. */
  working: Working | null = null;
  conditions: RunnerState["conditions"] = [];
  times: RunnerState["times"] = { given_s: 0, plays_given: 0, break_left_s: 0, break_ends_in_ms: null, is_held: false };
  item: ItemView = CHOICE;
  recording: StepView["recording"] = null;
  message: RunnerState["message"] = null;
  result: RunnerState["result"] = null;
  /** Each request in order, as "POST /exam/answers". */
  readonly log: string[] = [];
  /** Every answer that arrived, retries too. */
  readonly arrived: Answer[] = [];
  readonly saved = new Map<string, Answer>();
  readonly beats: Heartbeat[] = [];
  is_watched = false;
  /** Under which key each sign-in came. */
  readonly keys: unknown[] = [];
  /** A reply is made, and then waits here: what it says grows old on the way. */
  slow: { readonly path: string; readonly until: Promise<void> } | null = null;
  private readonly faults = new Map<string, Fault[]>();

  constructor() {
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => this.answer(url, init));
  }

  /** The next requests to `path` fail so, one after another. */
  fail(path: string, ...faults: Fault[]): void {
    this.faults.set(path, [...(this.faults.get(path) ?? []), ...faults]);
  }

  /** Nothing fails any more. */
  mend(): void {
    this.faults.clear();
  }

  count(line: string): number {
    return this.log.filter((one) => one === line).length;
  }

  private async answer(url: string, init: RequestInit): Promise<Response> {
    const path = url.replace("/exam/", "");
    this.log.push(`${init.method} ${url}`);
    const body: unknown = init.body ? JSON.parse(String(init.body)) : null;
    if (path === "sign-in") this.keys.push((body as SignIn).key);
    if (path === "answers") this.arrived.push(body as Answer);
    const fault = this.faults.get(path)?.shift();
    await Promise.resolve();
    if (fault === "network") throw new TypeError("Failed to fetch");
    if (fault === "gateway") return new Response("<html>", { status: 502 });
    if (typeof fault === "object") return refuse(fault.status, fault.code);
    const reply = this.route(path, body);
    if (this.slow?.path === path) await this.slow.until;
    if (fault === "lost reply") throw new TypeError("Failed to fetch");
    return reply;
  }

  private route(path: string, body: unknown): Response {
    if (path === "sign-in") this.is_signed_in = true;
    if (!this.is_signed_in) return refuse(401, "not_signed_in");
    if (path === "sign-out") {
      this.is_signed_in = false;
      return new Response(null, { status: 204 });
    }
    if (path === "answers") return this.take(body as Answer);
    if (path === "working") return this.keep(body as Working);
    if (path === "heartbeat") return this.beat(body as Heartbeat);
    if (path === "begin-section") this.phase = "running";
    if (path === "break") [this.phase, this.times] = ["paused", { ...this.times, break_ends_in_ms: 600_000 }];
    if (path === "go-on") [this.phase, this.times] = ["running", { ...this.times, break_ends_in_ms: null }];
    return Response.json(this.state());
  }

  private take(answer: Answer): Response {
    if (!this.saved.has(answer.key)) {
      if (this.phase === "paused" || (this.phase === "running" && this.remaining_ms === 0)) return refuse(403, "is_paused");
      if (this.phase !== "running") return refuse(403, "time_is_up");
      if (answer.seq !== this.seq) return refuse(409, "step_is_past");
      this.saved.set(answer.key, answer);
      this.seq += 1;
      if (this.seq > this.length) this.phase = "submitted";
    }
    const reply: AnswerReply = {
      saved_section_id: 1,
      saved_seq: answer.seq,
      clock: this.clock(),
      section: this.section(),
      step: this.step(),
    };
    return Response.json(reply);
  }

  private keep(working: Working): Response {
    if (working.seq !== this.seq || this.phase === "submitted") return refuse(409, "step_is_past");
    if (working.version <= (this.working?.seq === this.seq ? this.working.version : 0)) return refuse(409, "working_is_newer");
    this.working = working;
    const reply: WorkingReply = { saved_version: working.version };
    return Response.json(reply);
  }

  private beat(beat: Heartbeat): Response {
    this.beats.push(beat);
    const reply: HeartbeatReply = { clock: this.clock(), times: this.times, call: null, is_admitted: this.is_admitted, is_watched: this.is_watched, message: this.message };
    return Response.json(reply);
  }

  clock(): ClockView {
    const counts = ["waiting", "running", "paused"].includes(this.phase);
    return { phase: this.phase, remaining_ms: counts ? this.remaining_ms : null, total_remaining_ms: this.remaining_ms };
  }

  private step(): StepView | null {
    return this.phase === "running" && this.remaining_ms > 0 ? { section_id: 1, seq: this.seq, length: this.length, item: this.item, recording: this.recording } : null;
  }

  private section(): SectionView {
    const state = this.phase === "submitted" ? "done" : "running";
    const limit_s = 3600;
    return { section_id: 1, position: 1, subject: "history", title: "History", language: "ky", state, length: this.length, may_end_early: this.may_end_early, answered: this.seq - 1, limit_s, extra_s: 0, working_kinds: this.working_kinds };
  }

  state(): RunnerState {
    return {
      session_id: this.session_id,
      registration_no: "KG-1",
      form_no: "0000-0018",
      name: "Asanova Begimai",
      seat: "14",
      sitting_title: "Test",
      language: "ky",
      is_admitted: this.is_admitted,
      starts_in_ms: null,
      briefing_s: 1800,
      tools: [],
      text_percent: 100,
      conditions: this.conditions,
      times: this.times,
      clock: this.clock(),
      sections: [this.section()],
      step: this.step(),
      working: this.working?.seq === this.seq ? this.working : null,
      message: this.message,
      quit_url: null,
      notice: null,
      result: this.result,
    };
  }
}

function refuse(status: number, code: string): Response {
  const error: ErrorBody = { code, message: `said: ${code}`, clause: null };
  return Response.json({ error }, { status });
}
