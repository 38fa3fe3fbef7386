// The candidate's requests, one function each.
import { getJson, postJson } from "../common/api";
import type { Answer, AnswerReply, BeginSection, Heartbeat, HeartbeatReply, RunnerState, SignIn } from "../common/wire";

export const fetchState = () => getJson<RunnerState>("/exam/state");
export const signIn = (body: SignIn) => postJson<RunnerState>("/exam/sign-in", body);
export const signOut = () => postJson<null>("/exam/sign-out");
export const beginSection = (body: BeginSection) => postJson<RunnerState>("/exam/begin-section", body);
export const sendAnswer = (body: Answer) => postJson<AnswerReply>("/exam/answers", body);
export const sendHeartbeat = (body: Heartbeat) => postJson<HeartbeatReply>("/exam/heartbeat", body, { timeout_ms: 6000 });
