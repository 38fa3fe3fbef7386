// What is typed in the console's forms: empty drafts, what is missing in them, and the payloads they become.
import { _ } from "../../common/i18n";
import type { ChoiceView, IdentityAsk, RemoveAsk } from "../../common/wire";
import type { Faults } from "../types";

export const REASON_MIN = 3;
export const REASON_MAX = 500;
export const LONG_MAX = 4000;
const NUMBER_MIN = 3;

export interface IdentityDraft {
  readonly kind: string;
  readonly number: string;
  readonly isPhotoLike: boolean;
  readonly hasSeal: boolean;
  readonly hasSignature: boolean;
  /** Why the identity is not confirmed, in the proctor's words. */
  readonly reason: string;
}

export interface RemoveDraft {
  readonly violation: string;
  readonly narrative: string;
}

export interface WarnDraft {
  readonly violation: string;
  readonly narrative: string;
}

export interface MoveDraft {
  readonly seat_id: number | null;
  readonly reason: string;
}

export const NO_IDENTITY: IdentityDraft = { kind: "", number: "", isPhotoLike: false, hasSeal: false, hasSignature: false, reason: "" };
export const NO_REMOVAL: RemoveDraft = { violation: "", narrative: "" };
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

export function identityAsk(draft: IdentityDraft, checks: Checks, picture = ""): IdentityAsk {
  return {
    document_kind: draft.kind,
    document_number: draft.number.trim(),
    is_photo_like: draft.isPhotoLike,
    has_seal: checks.seal && draft.hasSeal,
    has_signature: checks.signature && draft.hasSignature,
    reason: draft.reason.trim(),
    picture,
  };
}

export function reasonFaults(reason: string): Faults {
  return reason.trim().length < REASON_MIN ? { reason: _("Write the reason, in a few words.") } : {};
}

/** What a removal still lacks (the server judges it again). */
export function removalFaults(draft: RemoveDraft): Faults {
  return draft.violation === "" ? { violation: _("Choose what was done.") } : {};
}

export function removeAsk(draft: RemoveDraft): RemoveAsk {
  return { violation: draft.violation, narrative: draft.narrative.trim() };
}
