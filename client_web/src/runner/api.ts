// The candidate's requests, one function each.
import { getJson, postJson } from "../common/api";
import { readSeb } from "../common/seb";
import type { Answer, AnswerReply, BeginSection, CallAsk, CallReply, Heartbeat, HeartbeatReply, HelpView, RunnerState, SignIn, Working, WorkingReply } from "../common/wire";

/** Older than this, what came with the page is not worth showing. */
const FRESH_MS = 15_000;

/** What came with the page itself, once: its clocks count from when the server wrote it. Null where the page must ask. */
export function takeState(): RunnerState | null {
  const place = document.getElementById("state");
  place?.remove();
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const age_ms = performance.now() - (entry?.responseStart ?? 0);
  if (!place?.textContent || age_ms > FRESH_MS) return null;
  const state = JSON.parse(place.textContent) as RunnerState;
  const left = (ms: number | null) => (ms === null ? null : Math.max(0, ms - age_ms));
  const { clock } = state;
  return { ...state, clock: { ...clock, remaining_ms: left(clock.remaining_ms), total_remaining_ms: left(clock.total_remaining_ms) } };
}

export const fetchState = () => getJson<RunnerState>("/exam/state");
export const signIn = async (body: Omit<SignIn, "seb">) =>
  postJson<RunnerState>("/exam/sign-in", { ...body, seb: await readSeb() });
export const signOut = () => postJson<null>("/exam/sign-out");
export const beginSection = (body: BeginSection) => postJson<RunnerState>("/exam/begin-section", body);
export const takeBreak = () => postJson<RunnerState>("/exam/break");
export const goOn = () => postJson<RunnerState>("/exam/go-on");
export const sendAnswer = (body: Answer) => postJson<AnswerReply>("/exam/answers", body);
export const sendHeartbeat = (body: Heartbeat) => postJson<HeartbeatReply>("/exam/heartbeat", body, { timeout_ms: 6000 });
export const fetchHelp = () => getJson<HelpView>("/exam/call");
export const callProctor = (body: CallAsk) => postJson<CallReply>("/exam/call", body);
export const withdrawCall = () => postJson<CallReply>("/exam/call/withdraw");
export const saveWorking = (body: Working) => postJson<WorkingReply>("/exam/working", body);
