"""Commands on drafts: begun, saved, proposed, signed, approved, discarded (DC-5)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from itembank.blueprints.drafts.commission import YEARS, commission_of
from itembank.blueprints.drafts.contradictions import contradictions
from itembank.blueprints.drafts.law import in_force
from itembank.blueprints.drafts.machine import DRAFT
from itembank.blueprints.drafts.models import BlueprintDraft
from itembank.blueprints.drafts.reading import kept, read, typed
from itembank.blueprints.models import Blueprint
from itembank.blueprints.rules import Approval
from itembank.blueprints.service import APPROVAL, NewBlueprint, publish_blueprint
from itembank.blueprints.spec import Spec
from itembank.rehearsals.models import Rehearsal
from server.accounts import signing
from server.accounts.queries import still_hold
from server.core.errors import CatError, Denied, Invalid, NotFound, Stale
from server.core.roles import Role
from server.core.ruling import Json
from server.core.work import Work

CHAIR, MEMBER = "commission_chair", "commission_member"


def begin_draft(work: Work, subject: str, year: int, fields: Mapping[str, str] | None = None) -> int:
    """A draft for a subject and year, as the subject's last blueprint was; the one there is, if it is still open.

    With `fields` it begins with these instead; Invalid if one is open, which nobody overwrites."""
    if year not in YEARS:
        raise Invalid("draft_year")
    still_open = select(BlueprintDraft.id).where(
        BlueprintDraft.subject == subject, BlueprintDraft.year == year,
        BlueprintDraft.state.in_(("draft", "proposed")),
    )  # fmt: skip
    known = work.db.scalars(still_open).first()
    if known is not None and fields is not None:
        raise Invalid("draft_open", year=year)
    if known is not None:
        return known
    began = kept(fields) if fields is not None else last_fields(work, subject)
    draft = BlueprintDraft(
        subject=subject, year=year, state="draft", fields=began, saved_at=work.now, saved_by=work.actor.label
    )
    work.db.add(draft)
    work.db.flush()  # its id is the answer
    work.record("draft_begun", f"blueprint_draft:{draft.id}", clause=APPROVAL, subject_code=subject, year=year)
    return draft.id


def last_fields(work: Work, subject: str) -> dict[str, str]:
    """The fields as they read for the blueprint of a subject that was approved last; none if it has none."""
    last = last_blueprint(work, subject)
    return typed(Spec.from_json(last.spec)) if last else {}


def last_blueprint(work: Work, subject: str) -> Blueprint | None:
    """The blueprint of a subject that was approved last."""
    found = select(Blueprint).where(Blueprint.subject == subject).order_by(Blueprint.version.desc()).limit(1)
    return work.db.scalars(found).first()


def save_draft(work: Work, draft_id: int, revision: int, fields: Mapping[str, str]) -> int:
    """What was typed is kept; Stale if somebody saved meanwhile. Returns the new revision."""
    draft = _draft(work, draft_id, revision)
    if draft.state != "draft":
        raise Stale("not_in_state", machine=DRAFT.name, verb="save", state=draft.state)
    draft.fields, draft.rehearsal_id = dict(kept(fields)), None
    draft.saved_at, draft.saved_by = work.now, work.actor.label
    work.db.flush()  # the revision is the answer
    return draft.revision


def propose_draft(work: Work, draft_id: int, revision: int, rehearsal_id: int | None) -> None:
    """The draft stands still for the commission of its year to sign, with the rehearsal that speaks for it."""
    draft = _draft(work, draft_id, revision)
    spec = _sound(draft)
    if commission_of(work, draft.year) is None:
        raise Invalid("commission_not_named", year=draft.year)
    if rehearsal_id is not None:
        rehearsal = work.db.get(Rehearsal, rehearsal_id)
        if rehearsal is None or rehearsal.blueprint_draft_id != draft.id or rehearsal.spec != spec.to_json():
            raise Invalid("rehearsal_of_another")
    draft.rehearsal_id = rehearsal_id
    work.move(draft, DRAFT, "propose")
    work.record("draft_proposed", f"blueprint_draft:{draft.id}", clause=APPROVAL)


def recall_draft(work: Work, draft_id: int, revision: int, reason: str) -> None:
    """The draft is written on; signatures under it bind the text as it was and stay on record."""
    work.move(_draft(work, draft_id, revision), DRAFT, "recall", reason=_reason(reason))


def discard_draft(work: Work, draft_id: int, revision: int, reason: str) -> None:
    """Nothing will come of the draft; it stays on record."""
    work.move(_draft(work, draft_id, revision), DRAFT, "discard", reason=_reason(reason))


def sign_draft(work: Work, draft_id: int, shown: str, attempt: signing.PinAttempt) -> CatError | None:
    """A member of the year's commission has signed what is shown; a refusal is returned, so that it is counted."""
    draft, document = proposed(work, draft_id)
    if document.digest != shown:
        raise Stale("document_changed")
    commission = commission_of(work, draft.year)
    members = commission.members if commission else ()
    member = next((each for each in members if each.staff_id == attempt.staff_id), None)
    if member is None:
        raise Denied("commission_not_member", clause=APPROVAL)
    if not still_hold(work, [member.staff_id], Role.COMMISSION):
        raise Denied("signer_left", clause=APPROVAL)
    return signing.sign(work, document, CHAIR if member.is_chair else MEMBER, attempt)


def approve_draft(work: Work, draft_id: int, revision: int) -> int:
    """The blueprint stands, frozen, by those who signed (DC-5); returns its id. Refused names who is missing."""
    draft = _draft(work, draft_id, revision)
    _row, document = proposed(work, draft_id)
    commission = commission_of(work, draft.year)
    if commission is None:
        raise Invalid("commission_not_named", year=draft.year)
    signed = {each.staff_id for each in signing.signatures_under(work, document) if each.is_valid}
    approvals = tuple(Approval(each.name, each.is_chair) for each in commission.members if each.staff_id in signed)
    rehearsal = work.db.get(Rehearsal, draft.rehearsal_id) if draft.rehearsal_id else None
    new = NewBlueprint(
        subject=draft.subject, spec=_sound(draft), approvals=approvals, commission_year=commission.year,
        order_no=commission.order_no, rehearsal=(rehearsal.id, rehearsal.digest) if rehearsal else None,
    )  # fmt: skip
    draft.blueprint_id = publish_blueprint(work, new, in_force())
    work.move(draft, DRAFT, "approve")
    return draft.blueprint_id


def proposed(work: Work, draft_id: int) -> tuple[BlueprintDraft, signing.Document]:
    """A draft before the commission, and what its members attest to."""
    draft = work.db.get(BlueprintDraft, draft_id)
    if draft is None:
        raise NotFound("not_found")
    if draft.state not in ("proposed", "approved"):
        raise Stale("not_in_state", machine=DRAFT.name, verb="sign", state=draft.state)
    commission = commission_of(work, draft.year)
    rehearsal = work.db.get(Rehearsal, draft.rehearsal_id) if draft.rehearsal_id else None
    content: dict[str, Json] = {
        "subject": draft.subject, "year": draft.year, "spec": _sound(draft).to_json(),
        "order_no": commission.order_no if commission else "",
        "rehearsal": rehearsal.digest if rehearsal else "",
    }  # fmt: skip
    return draft, signing.Document(f"blueprint_draft:{draft.id}", content)


def _sound(draft: BlueprintDraft) -> Spec:
    reading = read(draft.fields)
    if reading.spec is None or contradictions(reading.spec, in_force(), reading.rows):
        raise Invalid("draft_unsound", subject=draft.subject)
    return reading.spec


def _draft(work: Work, draft_id: int, revision: int) -> BlueprintDraft:
    draft = work.db.get(BlueprintDraft, draft_id)
    if draft is None:
        raise NotFound("not_found")
    if draft.revision != revision:
        raise Stale("draft_changed")
    return draft


def _reason(reason: str) -> str:
    reason = " ".join(reason.split())[:500]
    if len(reason) < 3:
        raise Invalid("reason_missing")
    return reason
