// What the candidate's page is showing, apart from what the server said.
import type { Answer, ItemView, StepView } from "../common/wire";

/** `exam` draws by the phase of the state; the others stand in its place. */
export type Screen = "loading" | "sign_in" | "exam" | "other_device" | "other_tab";

/** An answer being thought about: nothing of it has been sent; null before anything was put down. */
export type Draft = Answer["given"];

/** Whether the server can be reached, and whether it has all that was said; `called` is a long `waiting`. */
export type Line = "connected" | "saving" | "saved" | "waiting" | "called" | "held";

/** What a draft comes to as an answer; null when it is blank. */
export function answerOf(draft: Draft): Draft {
  switch (draft?.kind) {
    case "text":
      return draft.text.trim() ? { kind: "text", text: draft.text.trim() } : null;
    case "extended":
      return draft.extended.trim() ? { kind: "extended", extended: plain(draft.extended) } : null;
    case "options":
      return draft.options.length ? draft : null;
    case "places":
      return Object.keys(draft.places).length ? draft : null;
    default:
      return draft;
  }
}

/** True if every part of the item has an answer. */
export function isWhole(item: ItemView, draft: Draft): boolean {
  const given = answerOf(draft);
  return given !== null && (given.kind !== "places" || item.slots.every(({ id }) => id in given.places));
}

/** What has been typed so far. */
export function textOf(draft: Draft): string {
  return draft?.kind === "text" ? draft.text : "";
}

/** Whether people mark the step: its answer is a text, kept where it is saved while it is typed. */
export function isWritten(step: StepView | null | undefined): boolean {
  return step?.item.type === "extended_text";
}

/** The text without what no keyboard writes: the server takes no other. */
function plain(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/(?![\n\t])[\p{Cc}\p{Cs}]/gu, "");
}

/** Names one step of a session. */
export function stepName(step: Pick<StepView, "section_id" | "seq"> | null): string {
  return step ? `${step.section_id}/${step.seq}` : "";
}

/** Refusals that only mean "look again": the fresh state shows the reason better than a sentence. */
export const EXPECTED: ReadonlySet<string> = new Set(["step_is_past", "is_paused", "session_is_over"]);
/** Refusals that a reload of the page cures. */
export const NEEDS_RELOAD: ReadonlySet<string> = new Set(["page_is_old", "foreign_request", "seb_page_is_old"]);

const NUMBER = /^[-+\u2212]?(?:\d[\d\s]*(?:[.,]\d+)?|[.,]\d+)$/;

/** True if `text` can be read as a number, with a comma or a point. */
export function isNumber(text: string): boolean {
  return NUMBER.test(text.trim());
}
