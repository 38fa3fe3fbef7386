"""A signed run is applied, once and whole: each change in its effect becomes a score, a grade and where it matters a
decision that supersede those before them. Nothing is overwritten; what the effect rested on is looked at once more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import insert, select

from itembank.items.correcting import item_of
from itembank.withdrawals.queries import in_force
from itembank.withdrawals.service import Decision, withdraw
from server.candidates.queries import subjects_of
from server.core.errors import Stale
from server.core.tasks import Keep, Progress, TaskRef
from server.core.vault import Tampered
from server.core.work import Platform, Work
from server.grading import head, lists
from server.grading.deciding import with_clauses
from server.grading.models import Eligibility, Grade, Score
from server.grading.policy import Policy
from server.grading.rescoring import service
from server.grading.rescoring.effect import Change, digest_of
from server.grading.rescoring.machine import RESCORING
from server.grading.rescoring.models import RescoringChange, RescoringEffect, RescoringRun
from server.grading.rescoring.standing import Ground, ground_of
from server.grading.rescoring.told import listed
from server.grading.rules import Standing

COLUMNS = tuple(Change.__dataclass_fields__)


def apply(work: Work, run_id: int) -> int:
    """The run is applied; returns the effect that was. Stale if it was before, or if its effect is not what it was."""
    # Lock before reading: who grades meanwhile has committed, or waits and then grades with the correction.
    before = head.alone(work)
    run = service.locked(work, run_id)
    RESCORING.target("apply", run.state)
    effect = service.newest_effect(work, run_id)
    ground = ground_of(work, run)
    if effect is None or ground.basis != effect.basis:
        raise Stale("rescoring_stale")
    service.judged_signatures(work, run, effect).or_refuse()
    found = _changes(work, effect)
    _write(work, ground, [each for each in found if not each.is_kept])
    head.advance(work, before + 1)
    run.applied_no, run.applied_at = before + 1, work.now
    work.move(run, RESCORING, "apply")
    _withdraw_item(work, run)
    work.db.flush()  # the lists are of what stands now
    for sitting_id in listed(work, effect.summary["sittings"]):
        lists.freeze(work, sitting_id, because=f"{service.place(run.id)}: {run.decided_by}")
    work.record(
        "rescoring_applied", service.place(run.id), clause=service.CLAUSE, effect=effect.id, digest=effect.digest,
        applied_no=run.applied_no, n=sum(not each.is_kept for each in found), decided_by=run.decided_by,
    )  # fmt: skip
    return effect.id


def apply_task(_platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    """The handler of these tasks: all of it is written in the unit of work that ends the task, or nothing."""
    tell(0, 0)
    return lambda work: apply(work, int(task.arguments["run_id"]))


def _changes(work: Work, effect: RescoringEffect) -> list[Change]:
    """The changes as they were signed; Tampered if they are others."""
    table = RescoringChange.__table__
    rows = work.db.execute(select(*(table.c[name] for name in COLUMNS)).where(table.c.effect_id == effect.id)
                           .order_by(table.c.id))  # fmt: skip
    found = [Change(*row) for row in rows]
    if digest_of(effect.run_id, effect.basis, effect.summary, found) != effect.digest:
        raise Tampered(f"rescoring_effect:{effect.id} is not what was computed")
    return found


def _write(work: Work, ground: Ground, moved: Sequence[Change]) -> None:
    if not moved:
        return
    sitting = {each.section_id: each.sitting_id for each in ground.sections}
    scores = insert(Score).returning(Score.id, sort_by_parameter_order=True)
    ids = work.db.scalars(scores, [_score(work, each) for each in moved]).all()
    work.db.execute(insert(Grade), [
        _grade(work, ground, ground.policies[sitting[each.section_id]], each, score_id)
        for each, score_id in zip(moved, ids, strict=True)
    ])  # fmt: skip
    decisions = list(_decisions(work, ground, moved))
    if decisions:
        work.db.execute(insert(Eligibility), decisions)


def _score(work: Work, change: Change) -> dict[str, Any]:
    return {
        **(change.after or {}), "session_id": change.session_id, "section_id": change.section_id,
        "subject": change.subject, "supersedes_id": change.score_id, "made_at": work.now,
    }  # fmt: skip


def _grade(work: Work, ground: Ground, policy: Policy, change: Change, score_id: int) -> dict[str, Any]:
    assert change.after is not None
    return {
        "session_id": change.session_id, "score_id": score_id, "subject": change.subject,
        "percent": change.compared_after, "grade": change.grade_after,
        "ruling": policy.cuts.judge(change.after["percent"]).to_json(),
        "supersedes_id": ground.stands[change.section_id].grade_id, "made_at": work.now,
    }  # fmt: skip


def _decisions(work: Work, ground: Ground, moved: Sequence[Change]) -> Iterator[dict[str, Any]]:
    """A decision for each session of which a grade is another one, with the reasons it now has."""
    places = {each.session_id: each for each in ground.sections}
    grades: dict[int, dict[str, str]] = {}
    for each in moved:
        if each.grade_after != each.grade_before:
            grades.setdefault(each.session_id, dict(ground.grades[each.session_id]))[each.subject] = each.grade_after
    subjects = subjects_of(work, [places[session_id].registration_id for session_id in grades])
    for session_id, own in grades.items():
        place = places[session_id]
        taken = {subject: own.get(subject) for subject in subjects[place.registration_id]}
        ruling = with_clauses(ground.policies[place.sitting_id].distinction.judge(Standing(grades=taken)))
        yield {
            "session_id": session_id, "is_eligible": ruling.allowed, "ruling": ruling.to_json(),
            "supersedes_id": ground.decided[session_id].id, "made_at": work.now,
        }  # fmt: skip


def _withdraw_item(work: Work, run: RescoringRun) -> None:
    """Nobody is given an item that was struck or had a wrong key: it comes back as a new version, if at all."""
    if run.item_version_id is None:
        return
    item_id, code = item_of(work, run.item_version_id)
    if not in_force(work, [item_id]):
        withdraw(work, [code], Decision(cause="faulty", reason=f"{service.place(run.id)}: {run.decided_by}"))
