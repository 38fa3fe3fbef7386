"""Commands on rescoring runs: proposed on a decision, computed, signed by several persons, or withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import insert, select

from itembank.items.correcting import corrected_key, published_key
from server import delivery
from server.accounts import signing
from server.accounts.queries import still_hold
from server.accounts.signing import Document, PinAttempt
from server.core import tasks
from server.core.errors import CatError, Denied, Invalid, NotFound, Stale
from server.core.readers import read_ahead
from server.core.roles import SYSTEM, Role
from server.core.ruling import Ruling
from server.core.tasks import Keep, Progress, TaskRef
from server.core.work import Platform, Work, open_reading
from server.delivery.met import Met
from server.grading.rescoring import standing
from server.grading.rescoring.effect import Change, changes_on, digest_of
from server.grading.rescoring.in_force import corrections_in_force
from server.grading.rescoring.machine import OPEN, RESCORING
from server.grading.rescoring.models import RescoringChange, RescoringEffect, RescoringRun
from server.grading.rescoring.standing import Ground, ground_of
from server.grading.rescoring.sums import summary_of

CLAUSE = "DC-28"
EFFECT, APPLYING = "rescoring_effect", "rescoring_apply"
ITEM_KINDS, SESSION_KINDS = ("item_struck", "key_corrected"), ("marks_changed", "session")
LONGEST_REASON, LONGEST_DECISION = 500, 80
VOUCHED = "appeal_decision:"  # a protocol with its own three signatures stands behind such a decision
CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What is to be corrected, why, and on whose decision (`appeal_decision:12`, `order:…`)."""

    kind: str
    reason: str
    decided_by: str
    item_version_id: int | None = None
    key_version_id: int | None = None
    session_id: int | None = None


def propose(work: Work, cause: Cause) -> int:
    """The run stands and its effect is being computed; the id of the run.

    What is proposed already, or in force already, is not proposed again: its run is the answer."""
    reason, decided_by = " ".join(cause.reason.split()), " ".join(cause.decided_by.split())
    if not 3 <= len(reason) <= LONGEST_REASON:
        raise Invalid("reason_malformed", maximum=LONGEST_REASON)
    if not 1 <= len(decided_by) <= LONGEST_DECISION:
        raise Invalid("rescoring_undecided")
    _check(work, cause)
    known = _alike(work, cause)
    if known is not None:
        return known
    run = RescoringRun(
        kind=cause.kind, item_version_id=cause.item_version_id, key_version_id=cause.key_version_id,
        session_id=cause.session_id, reason=reason, decided_by=decided_by, proposed_by_id=work.actor.id,
        proposed_at=work.now, state="proposed",
    )  # fmt: skip
    work.db.add(run)
    work.db.flush()  # its id is what the task names
    work.record(
        "rescoring_proposed", place(run.id), clause=CLAUSE, kind=run.kind, item_version=run.item_version_id,
        key_version=run.key_version_id, session=run.session_id, decided_by=decided_by, reason=reason,
    )  # fmt: skip
    _ask_effect(work, run)
    return run.id


def compute_again(work: Work, run_id: int) -> None:
    """The effect is being computed anew; what was signed under the earlier one counts no more."""
    run = locked(work, run_id)
    if run.state == "signed":
        work.move(run, RESCORING, "reopen", reason="its effect is computed again")
    elif run.state != "proposed":
        raise Stale("not_in_state", machine=RESCORING.name, verb="reopen", state=run.state)
    _ask_effect(work, run)


def compute(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    """The effect of the run has been computed; keeps it. The handler of these tasks."""
    run_id = int(task.arguments["run_id"])
    with open_reading(platform, SYSTEM) as work:
        ground = ground_of(work, _open(work, run_id))
    found: list[Change] = []
    done, total = 0, len(ground.graded)
    tell(done, total)
    with read_ahead(platform, changes_on, [ground.among(some) for some in _chunks(ground)]) as read:
        for part, changed in read:
            found += changed
            done += len(part.sections)
            tell(done, total)
    return lambda work: keep_effect(work, ground, found, task.asked_by)


def keep_effect(work: Work, ground: Ground, found: list[Change], asked_by: str) -> int:
    """The effect stands, to be looked at and signed; its id."""
    run = locked(work, ground.run_id)
    if run.state != "proposed":
        raise Stale("not_in_state", machine=RESCORING.name, verb="sign", state=run.state)
    summary = summary_of(work, ground, found)
    row = RescoringEffect(
        run_id=run.id, basis=ground.basis, summary=summary, n_changes=len(found), made_at=work.now, asked_by=asked_by,
        digest=digest_of(run.id, ground.basis, summary, found),
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # its id is what the changes refer to
    if found:
        work.db.execute(insert(RescoringChange), [{**vars(each), "effect_id": row.id} for each in found])
    work.record("rescoring_computed", place(run.id), clause=CLAUSE, effect=row.id, digest=row.digest, n=len(found))
    return row.id


def sign(work: Work, run_id: int, effect_id: int, attempt: PinAttempt) -> CatError | None:
    """The person stands for the effect as it was shown; with enough of them it is being applied.

    The refusal of the PIN is returned, so that a wrong try is counted."""
    if attempt.staff_id != work.actor.id or not still_hold(work, [attempt.staff_id], Role.OFFICE):
        raise Denied("not_allowed")
    run = locked(work, run_id)
    RESCORING.target("sign", run.state)
    effect = newest_effect(work, run_id)
    if effect is None or effect.id != effect_id or ground_of(work, run).basis != effect.basis:
        raise Stale("rescoring_stale")
    refusal = signing.sign(work, document(run, effect), "applying", attempt)
    if refusal is not None:
        return refusal
    work.record("rescoring_signed", place(run.id), clause=CLAUSE, effect=effect.id, digest=effect.digest)
    if judged_signatures(work, run, effect).allowed:
        work.move(run, RESCORING, "sign")
        tasks.ask_once(work, APPLYING, place(run.id), {"run_id": run.id, "effect_id": effect.id})
    return None


def withdraw(work: Work, run_id: int, reason: str) -> None:
    """The run will not be applied; nothing of any result changes. What a protocol decided one person does not undo."""
    reason = " ".join(reason.split())
    if not 3 <= len(reason) <= LONGEST_REASON:
        raise Invalid("reason_malformed", maximum=LONGEST_REASON)
    run = locked(work, run_id)
    if is_vouched(run.decided_by):
        raise Stale("rescoring_vouched", clause=CLAUSE)
    work.move(run, RESCORING, "withdraw", reason=reason)
    work.record("rescoring_withdrawn", place(run.id), clause=CLAUSE, reason=reason)


def is_vouched(decided_by: str) -> bool:
    """Whether a protocol of the appeals commission stands behind what is proposed on this decision."""
    return decided_by.startswith(VOUCHED)


def place(run_id: int) -> str:
    """What tasks, journal and signatures name a run by."""
    return f"rescoring:{run_id}"


def locked(work: Work, run_id: int) -> RescoringRun:
    """The run, nobody else's to change until this work ends; NotFound if there is none."""
    # Lock before reading: two sign at once, or one withdraws while another signs.
    query = select(RescoringRun).where(RescoringRun.id == run_id).with_for_update()
    run = work.db.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if run is None:
        raise NotFound("not_found")
    return run


def newest_effect(work: Work, run_id: int) -> RescoringEffect | None:
    """The effect that counts: of an applied run the one that was applied."""
    query = select(RescoringEffect).where(RescoringEffect.run_id == run_id).order_by(RescoringEffect.id.desc())
    return work.db.execute(query.limit(1)).scalar_one_or_none()


def document(run: RescoringRun, effect: RescoringEffect) -> Document:
    """What its signers attest to: this correction with exactly this effect."""
    content = {
        "kind": run.kind, "item_version": run.item_version_id, "key_version": run.key_version_id,
        "session": run.session_id, "reason": run.reason, "decided_by": run.decided_by, "effect": effect.digest,
    }  # fmt: skip
    return Document(f"rescoring_effect:{effect.id}", content)


def signers(work: Work, run: RescoringRun, effect: RescoringEffect) -> set[int]:
    """Who stands for the effect, by valid signatures."""
    found = signing.signatures_under(work, document(run, effect))
    return {each.staff_id for each in found if each.is_valid and each.staff_id is not None}


def judged_signatures(work: Work, run: RescoringRun, effect: RescoringEffect) -> Ruling:
    """Whether enough persons stand for the effect, by the strictest edition that it touches."""
    rule = standing.strictest_rule(work, effect.summary["sittings"])
    return rule.judge_signatures(signers(work, run, effect), run.proposed_by_id)


def _ask_effect(work: Work, run: RescoringRun) -> None:
    tasks.ask_once(work, EFFECT, place(run.id), {"run_id": run.id})


def _open(work: Work, run_id: int) -> RescoringRun:
    run = work.db.get(RescoringRun, run_id)
    if run is None:
        raise NotFound("not_found")
    if run.state not in OPEN:
        raise Stale("not_in_state", machine=RESCORING.name, verb="sign", state=run.state)
    return run


def _chunks(ground: Ground) -> Iterator[list[Met]]:
    """Whole sessions, as many at a time as are read at once."""
    graded = ground.graded
    at = 0
    while at < len(graded):
        end = min(at + CHUNK, len(graded))
        while end < len(graded) and graded[end].session_id == graded[end - 1].session_id:
            end += 1
        yield graded[at:end]
        at = end


def _check(work: Work, cause: Cause) -> None:
    """Invalid or NotFound if there is nothing to correct so."""
    of_item, of_session = cause.kind in ITEM_KINDS, cause.kind in SESSION_KINDS
    fits = (cause.item_version_id is not None) == of_item and (cause.session_id is not None) == of_session
    if not fits or (cause.key_version_id is not None) != (cause.kind == "key_corrected"):
        raise Invalid("rescoring_malformed")
    if cause.item_version_id is not None:
        published = published_key(work, cause.item_version_id)  # NotFound if there is no such item
        if cause.key_version_id is not None:
            _check_key(work, cause, published)
    if cause.session_id is not None:
        delivery.session_ref(work, cause.session_id)
        if not standing.standing(work, [cause.session_id]):
            raise Stale("rescoring_ungraded")


def _check_key(work: Work, cause: Cause, published: int) -> None:
    """Invalid unless the key is one of this item that people stand for.

    The published one is named to undo a correction, and by nothing else."""
    if cause.key_version_id == published:
        if cause.item_version_id not in corrections_in_force(work).versions:
            raise Invalid("key_unchanged")
        return
    key = corrected_key(work, cause.key_version_id or 0)
    if key.item_version_id != cause.item_version_id:
        raise Invalid("rescoring_malformed")
    if not key.is_confirmed and not is_vouched(cause.decided_by):
        raise Invalid("key_unconfirmed")


def _alike(work: Work, cause: Cause) -> int | None:
    """The run of the same correction that is open, or of an item one that is in force.

    An open one that could still be withdrawn does not stand for what a protocol decided."""
    said = {name: value for name, value in asdict(cause).items() if name not in ("reason", "decided_by")}
    same = [getattr(RescoringRun, name) == value if value is not None else getattr(RescoringRun, name).is_(None)
            for name, value in said.items()]  # fmt: skip
    if is_vouched(cause.decided_by):
        same.append(RescoringRun.decided_by.startswith(VOUCHED))
    open_ = work.db.execute(select(RescoringRun.id).where(*same, RescoringRun.state.in_(OPEN)).limit(1)).scalar()
    if open_ is not None or cause.item_version_id is None:
        return open_
    last = select(RescoringRun).where(RescoringRun.item_version_id == cause.item_version_id)
    found = work.db.scalars(last.where(RescoringRun.applied_no.is_not(None)).order_by(RescoringRun.applied_no.desc()))
    run = found.first()
    if run is None or (run.kind, run.key_version_id) != (cause.kind, cause.key_version_id):
        return None
    return run.id
