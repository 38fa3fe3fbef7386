// What the candidate's page is showing, apart from what the server said.
import type { Answer, ItemView, StepView } from "../common/wire";

/** `exam` draws by the phase of the state; the others stand in its place. */
export type Screen = "loading" | "sign_in" | "exam" | "other_device" | "other_tab";

/** An answer being thought about: nothing of it has been sent. */
export interface Draft {
  readonly choice: string | null;
  readonly text: string;
}

export const EMPTY: Draft = { choice: null, text: "" };

/** Whether the server can be reached, and whether it has all that was said. */
export type Line = "connected" | "saving" | "saved" | "waiting" | "held";

/** What a draft comes to as an answer to `item`; both are null when it is blank. */
export function answerOf(item: ItemView, draft: Draft): Pick<Answer, "choice" | "text"> {
  if (item.type === "choice") return { choice: draft.choice, text: null };
  return { choice: null, text: draft.text.trim() || null };
}

/** Names one step of a session. */
export function stepName(step: Pick<StepView, "section_id" | "seq"> | null): string {
  return step ? `${step.section_id}/${step.seq}` : "";
}

/** Refusals that only mean "look again": the fresh state shows the reason better than a sentence. */
export const EXPECTED: ReadonlySet<string> = new Set(["step_is_past", "is_paused", "session_is_over"]);
/** Refusals that a reload of the page cures. */
export const NEEDS_RELOAD: ReadonlySet<string> = new Set(["page_is_old", "foreign_request"]);

const NUMBER = /^[-+\u2212]?(?:\d[\d\s]*(?:[.,]\d+)?|[.,]\d+)$/;

/** True if `text` can be read as a number, with a comma or a point. */
export function isNumber(text: string): boolean {
  return NUMBER.test(text.trim());
}
