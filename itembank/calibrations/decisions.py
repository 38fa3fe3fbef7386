"""Accepting and rejecting what a run found, item by item: each decision is a row, a later one supersedes."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import aliased

from itembank.authoring import states
from itembank.authoring.models import Manuscript
from itembank.calibrations.models import (
    CalibrationDecision,
    CalibrationItem,
    CalibrationReport,
    CalibrationRun,
    ItemParameter,
)
from itembank.items.models import Item, ItemVersion
from server.core.errors import Denied, Invalid, NotFound, Stale
from server.core.work import Work

Verdict = Literal["accepted", "rejected"]
REASON_MAX = 500


def decide(
    work: Work, run_id: int, item_version_id: int, verdict: Verdict, reason: str, after: int | None
) -> int:
    """The decision stands; `after` is the one it supersedes, as its writer saw it (none: the first). Its id.

    An accepted item becomes calibrated, if it was in its pretest."""
    words = " ".join(reason.split())
    if not 0 < len(words) <= REASON_MAX:
        raise Invalid("calibration_reason", most=REASON_MAX)
    work.db.get(CalibrationRun, run_id, with_for_update=True)  # of two who decide at once the second sees the first
    row = _found(work, run_id, item_version_id)
    _check_other_hands(work, item_version_id)
    last = standing(work, run_id).get(item_version_id)
    if (last.id if last else None) != after:
        raise Stale("changed_meanwhile")
    if verdict == "accepted" and parameters_of(work, run_id, item_version_id) is None:
        raise Invalid("calibration_nothing", item=_code(work, item_version_id), outcome=row.outcome)
    decision = CalibrationDecision(
        run_id=run_id, item_version_id=item_version_id, verdict=verdict, reason=words, decided_by=work.actor.label,
        decided_at=work.now, supersedes_id=after,
    )  # fmt: skip
    work.db.add(decision)
    work.db.flush()  # its id is the answer
    if verdict == "accepted":
        states.calibrate(work, [item_version_id])
    work.record("calibration_decided", f"calibration_run:{run_id}", item=_code(work, item_version_id),
                verdict=verdict, reason=words, flags=[flag["code"] for flag in row.flags])  # fmt: skip
    return decision.id


def standing(work: Work, run_id: int) -> dict[int, CalibrationDecision]:
    """The decision on each item version as it stands now."""
    later = aliased(CalibrationDecision)
    query = (
        select(CalibrationDecision)
        .outerjoin(later, later.supersedes_id == CalibrationDecision.id)
        .where(CalibrationDecision.run_id == run_id, later.id.is_(None))
    )
    return {row.item_version_id: row for row in work.db.execute(query).scalars()}


def parameters_of(work: Work, run_id: int, item_version_id: int) -> ItemParameter | None:
    """The parameters of an item in a run, if it has any there."""
    query = select(ItemParameter).where(ItemParameter.run_id == run_id,
                                        ItemParameter.item_version_id == item_version_id)  # fmt: skip
    return work.db.execute(query).scalar_one_or_none()


def parameters_in_use(work: Work, run_id: int) -> dict[int, ItemParameter]:
    """The parameters of a run that a pool may use, by item version.

    Of a run calculated here those that were accepted, and anchors, accepted when they came, unless rejected; of one
    that came ready-made all but those rejected."""
    rows = work.db.execute(select(ItemParameter).where(ItemParameter.run_id == run_id)).scalars()
    parameters = {row.item_version_id: row for row in rows}
    verdicts = {version_id: row.verdict for version_id, row in standing(work, run_id).items()}
    calculated = select(CalibrationReport.id).where(CalibrationReport.run_id == run_id)
    if work.db.execute(calculated).scalar_one_or_none() is None:
        return {id_: row for id_, row in parameters.items() if verdicts.get(id_) != "rejected"}
    anchored = select(CalibrationItem.item_version_id).where(CalibrationItem.run_id == run_id,
                                                             CalibrationItem.outcome == "anchored")  # fmt: skip
    known = set(work.db.execute(anchored).scalars())
    return {id_: row for id_, row in parameters.items()
            if verdicts.get(id_, "accepted" if id_ in known else "open") == "accepted"}  # fmt: skip


def _check_other_hands(work: Work, item_version_id: int) -> None:
    """Nobody judges the figures of an item they wrote, in this version or another."""
    query = (
        select(Manuscript.author_id)
        .join(ItemVersion, ItemVersion.item_id == Manuscript.item_id)
        .where(ItemVersion.id == item_version_id, Manuscript.author_id.is_not(None))
    )
    if work.actor.id in set(work.db.execute(query).scalars()):
        raise Denied("calibration_own", item=_code(work, item_version_id), clause="CS-17")


def _found(work: Work, run_id: int, item_version_id: int) -> CalibrationItem:
    query = select(CalibrationItem).where(CalibrationItem.run_id == run_id,
                                          CalibrationItem.item_version_id == item_version_id)  # fmt: skip
    row = work.db.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound("not_found")
    return row


def _code(work: Work, item_version_id: int) -> str:
    query = select(Item.code).join(ItemVersion, ItemVersion.item_id == Item.id).where(ItemVersion.id == item_version_id)
    return work.db.execute(query).scalar_one()
