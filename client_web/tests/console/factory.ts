// Snapshots for the console's tests: valid by default, each test states only what matters.
import type { CallView, DeskView, IndicatorView, PresenceView, ProgressView, SeatView, SessionView, Snapshot } from "../../src/common/wire";
import { lookOf } from "../../src/console/ctrl/look";
import { signsOf } from "../../src/console/ctrl/signs";
import type { Card } from "../../src/console/types";

export const NOW = "2027-05-10T03:10:00+00:00";
export const NOW_MS = Date.parse(NOW);

const indicator = (code: string, warn_at: number, alarm_at: number, falling = false): IndicatorView => ({ code, title: code, warn_at, alarm_at, falling });

export const INDICATORS: readonly IndicatorView[] = [
  indicator("silence", 12, 30),
  indicator("away", 5, 30),
  indicator("left", 1, 3),
  indicator("quick", 4, 8),
  indicator("unsent", 1, 2),
  indicator("battery", 25, 10, true),
];

interface Part {
  readonly progress?: Partial<ProgressView>;
  readonly desk?: Partial<DeskView>;
  readonly times?: Partial<SessionView["times"]>;
  readonly presence?: Partial<PresenceView>;
  readonly call?: CallView;
  readonly name?: string;
}

/** An instant so many seconds before NOW. */
export function ago(seconds: number): string {
  return new Date(NOW_MS - seconds * 1000).toISOString();
}

export function makeSession(session_id: number, part: Part = {}): SessionView {
  return {
    who: {
      session_id,
      registration_no: `2027-${70_000 + session_id}`,
      name: part.name ?? `Candidate ${session_id}`,
      school: "School 6",
      language: "ky",
      birth_date: "2009-03-14",
      conditions: [],
      photo_url: null,
    },
    progress: {
      state: "running",
      is_signed_in: true,
      subject: "mathematics",
      position: 1,
      answered: 3,
      length: 20,
      ends_at: ago(-1800),
      whole_ends_at: null,
      paused_at: null,
      seb_way: null,
      seb_fault: null,
      quick: 0,
      claims: 0,
      ...part.progress,
    },
    desk: {
      identity: "confirmed",
      document: "passport",
      checked_at: ago(3600),
      fingerprint: "3f9ac1d20b77",
      has_picture: false,
      double: null,
      admitted_at: ago(3500),
      late_s: 0,
      warnings: 0,
      is_removed: false,
      protocol: "none",
      ...part.desk,
    },
    presence: { seen_at: ago(2), lost_focus: 0, away_s: 0, away_since: null, unsent: 0, battery: null, is_charging: null, lost_s: 0, ...part.presence },
    times: { given_s: 0, break_until: null, held_since: null, ...part.times },
    call: part.call ?? null,
    message: null,
  };
}

export function makeSeat(seat_id: number, row: number, col: number, session: SessionView | null = null): SeatView {
  return { seat_id, number: String(seat_id), row, col, x_m: col * 1.2, y_m: row * 1.2, session };
}

export function makeSnapshot(seats: readonly SeatView[], part: Partial<Snapshot> = {}): Snapshot {
  return {
    epoch: "e1",
    v: 7,
    topic: "room:1",
    realtime_origin: null,
    ticket: "ticket",
    now: NOW,
    room: {
      room_sitting_id: 1,
      name: "Room 12",
      centre: "Centre",
      sitting_title: "Sitting",
      state: "running",
      starts_at: ago(600),
      briefing_at: ago(2400),
      started_at: ago(600),
      late_until: ago(-1200),
      ends_at: ago(-13_800),
    },
    me: 5,
    acting: [{ staff_id: 5, name: "Bekova A." }],
    seats,
    takes_pictures: true,
    has_recordings: true,
    documents: [{ code: "passport", title: "Passport", hint: "number photo", consequence: "" }],
    violations: [
      { code: "phone", title: "Phone", hint: "", consequence: "removal" },
      { code: "disorder", title: "Disorder", hint: "", consequence: "warning" },
    ],
    min_witnesses: 2,
    clauses: { "DC-15": { id: "DC-15", title: "Forbidden acts" } },
    subjects: { mathematics: "Mathematics" },
    silence_warn_s: 12,
    silence_alarm_s: 30,
    indicators: INDICATORS,
    incident_kinds: [{ code: "technical", title: "Technical", hint: "", consequence: "" }],
    incident_back_max_s: 1800,
    incidents: [],
    settle_s: 6,
    calls: [{ code: "mouse", title: "Mouse", hint: "", consequence: "" }],
    answers: [{ code: "coming", title: "I am coming to you.", hint: "", consequence: "" }],
    ...part,
  };
}

export function makeCard(seat: SeatView, at_ms = NOW_MS): Card {
  const signs = seat.session ? signsOf(seat.session, at_ms, { indicators: INDICATORS }) : [];
  return { seat, look: lookOf(seat, at_ms, { silence_warn_s: 12, silence_alarm_s: 30 }), signs };
}
