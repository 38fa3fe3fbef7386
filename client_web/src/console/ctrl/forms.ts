// What is typed in the console's forms: empty drafts, what is missing in them, and the payloads they become.
import { _, ngettext } from "../../common/i18n";
import type { ChoiceView, IdentityAsk, RemoveAsk } from "../../common/wire";
import type { Faults } from "../types";

export const REASON_MIN = 3;
export const REASON_MAX = 500;
export const NARRATIVE_MIN = 10;
export const LONG_MAX = 4000;
const NUMBER_MIN = 3;
export const WITNESSES_MAX = 10;

export interface IdentityDraft {
  readonly kind: string;
  readonly number: string;
  readonly isPhotoLike: boolean;
  readonly hasSeal: boolean;
  readonly hasSignature: boolean;
}

export interface RemoveDraft {
  readonly violation: string;
  readonly narrative: string;
  readonly witnesses: readonly string[];
  readonly isStatementAsked: boolean;
  readonly statement: string;
}

export interface WarnDraft {
  readonly violation: string;
  readonly narrative: string;
}

export interface MoveDraft {
  readonly seat_id: number | null;
  readonly reason: string;
}

export const NO_IDENTITY: IdentityDraft = { kind: "", number: "", isPhotoLike: false, hasSeal: false, hasSignature: false };
export const NO_PROTOCOL: RemoveDraft = { violation: "", narrative: "", witnesses: [], isStatementAsked: false, statement: "" };
export const NO_WARNING: WarnDraft = { violation: "", narrative: "" };
export const NO_MOVE: MoveDraft = { seat_id: null, reason: "" };

const CHECKS: ReadonlySet<string> = new Set(["number", "photo", "photo_reference", "school_seal", "head_signature"]);

export interface Checks {
  readonly photo: boolean;
  /** The photograph is on a reference, not on the document. */
  readonly isOnReference: boolean;
  readonly seal: boolean;
  readonly signature: boolean;
}

/** What has to be seen on a document of this kind: its hint lists the codes of the checks. */
export function checksOf(document: ChoiceView | undefined): Checks {
  const codes = new Set((document?.hint ?? "").split(/\s+/));
  // A list that says nothing known is answered by asking for everything: nobody is turned away by a missing question.
  const isUnknown = ![...codes].some((code) => CHECKS.has(code));
  const isOnReference = codes.has("photo_reference");
  return {
    photo: isUnknown || codes.has("photo") || isOnReference,
    isOnReference,
    seal: isUnknown || codes.has("school_seal"),
    signature: isUnknown || codes.has("head_signature"),
  };
}

/** True if all that this kind needs was ticked; the number is compared by the server. */
export function isAllSeen(draft: IdentityDraft, checks: Checks): boolean {
  return (
    (draft.isPhotoLike || !checks.photo) && (draft.hasSeal || !checks.seal) && (draft.hasSignature || !checks.signature)
  );
}

export function identityFaults(draft: IdentityDraft): Faults {
  return draft.number.trim().length < NUMBER_MIN ? { number: _("Enter the number of the document.") } : {};
}

export function identityAsk(draft: IdentityDraft, checks: Checks): IdentityAsk {
  return {
    document_kind: draft.kind,
    document_number: draft.number.trim(),
    is_photo_like: draft.isPhotoLike,
    has_seal: checks.seal && draft.hasSeal,
    has_signature: checks.signature && draft.hasSignature,
  };
}

export function reasonFaults(reason: string): Faults {
  return reason.trim().length < REASON_MIN ? { reason: _("Write the reason, in a few words.") } : {};
}

/** Different names that were written down. */
export function witnessesOf(draft: RemoveDraft): string[] {
  const named = new Map<string, string>();
  for (const each of draft.witnesses) {
    const name = each.trim().replace(/\s+/g, " ");
    if (name !== "") named.set(name.toLowerCase(), named.get(name.toLowerCase()) ?? name);
  }
  return [...named.values()];
}

/** What a protocol still lacks (the server judges it again). */
export function protocolFaults(draft: RemoveDraft, min_witnesses: number): Faults {
  const faults: Record<string, string> = {};
  const witnesses = witnessesOf(draft);
  if (draft.violation === "") faults["violation"] = _("Choose what was done.");
  if (draft.narrative.trim().length < NARRATIVE_MIN) {
    faults["narrative"] = _("Write what happened, in a sentence or two.");
  }
  if (witnesses.length < min_witnesses) {
    faults["witnesses"] = ngettext(
      "The protocol needs %(n)s witness with a name of their own.",
      "The protocol needs %(n)s different witnesses.",
      min_witnesses,
    );
  } else if (witnesses.some((name) => name.length < NUMBER_MIN)) {
    faults["witnesses"] = _("Write the names of the witnesses in full.");
  }
  if (!draft.isStatementAsked && draft.statement.trim() === "") {
    faults["statement"] = _("Ask the candidate for a statement, then tick this. The candidate may decline.");
  }
  return faults;
}

export function removeAsk(draft: RemoveDraft): RemoveAsk {
  return {
    violation: draft.violation,
    narrative: draft.narrative.trim(),
    witnesses: witnessesOf(draft),
    is_statement_asked: draft.isStatementAsked || draft.statement.trim() !== "",
    statement: draft.statement.trim(),
  };
}
