// JSON over fetch with the CSRF token, a time limit and typed errors. Retrying is the caller's decision.
import { paragraph } from "./clause";
import type { ErrorBody, ErrorReply } from "./wire";

/** The server answered, and refused: `code` is stable, `message` is in the reader's language. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly clause: string | null;

  constructor(status: number, body: ErrorBody) {
    super(body.message);
    this.name = "Refusal";
    this.status = status;
    this.code = body.code;
    this.clause = body.clause && paragraph(body.clause);
  }
}

/** No usable answer came: the network, a time limit, a proxy or a failing server. Worth another try. */
export class Unreachable extends Error {
  readonly status: number | null;

  constructor(reason: string, status: number | null = null) {
    super(reason);
    this.name = "Unreachable";
    this.status = status;
  }
}

export interface Call {
  readonly timeout_ms?: number;
  readonly signal?: AbortSignal;
}

const TIMEOUT_MS = 10_000;

/** The token of `<meta name="csrf">`; empty where the page has none, and the server will say so. */
export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content ?? "";
}

export async function getJson<T>(url: string, call: Call = {}): Promise<T> {
  return (await exchange(url, { method: "GET" }, call)) as T;
}

/** POST `body` as JSON. A reply without content (204) gives null. */
export async function postJson<T>(url: string, body: object = {}, call: Call = {}): Promise<T> {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrfToken() };
  return (await exchange(url, { method: "POST", headers, body: JSON.stringify(body) }, call)) as T;
}

/** POST a file as it is. */
export async function postFile<T>(url: string, file: Blob, call: Call = {}): Promise<T> {
  const headers = { "Content-Type": "application/octet-stream", "X-CSRF-Token": csrfToken() };
  return (await exchange(url, { method: "POST", headers, body: file }, call)) as T;
}

async function exchange(url: string, init: RequestInit, call: Call): Promise<unknown> {
  const limit = AbortSignal.timeout(call.timeout_ms ?? TIMEOUT_MS);
  const signal = call.signal ? either(call.signal, limit) : limit;
  const headers = { Accept: "application/json", ...(init.headers as Record<string, string> | undefined) };
  let reply: Response;
  let text: string;
  try {
    reply = await fetch(url, { ...init, headers, signal, credentials: "same-origin", cache: "no-store" });
    text = await reply.text();
  } catch (cause) {
    if (call.signal?.aborted) throw cause;
    throw new Unreachable(cause instanceof Error ? cause.message : String(cause));
  }
  if (reply.status === 204) return null;
  return read(reply, text);
}

function read(reply: Response, text: string): unknown {
  const body = parse(text);
  if (reply.ok && body !== undefined) return body;
  const isVerdict = reply.status >= 400 && reply.status < 500 && reply.status !== 429;
  if (isVerdict && isErrorReply(body)) throw new Refusal(reply.status, body.error);
  // A gateway's page or a crash is no verdict on what was asked, so the same request may be tried again.
  throw new Unreachable(`HTTP ${reply.status}`, reply.status);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isErrorReply(body: unknown): body is ErrorReply {
  if (typeof body !== "object" || body === null || !("error" in body)) return false;
  const { error } = body;
  return typeof error === "object" && error !== null && "code" in error && typeof error.code === "string";
}

/** AbortSignal.any, which the oldest supported browser lacks. */
function either(first: AbortSignal, second: AbortSignal): AbortSignal {
  const both = new AbortController();
  for (const signal of [first, second]) {
    if (signal.aborted) both.abort(signal.reason);
    signal.addEventListener("abort", () => both.abort(signal.reason), { once: true, signal: both.signal });
  }
  return both.signal;
}
