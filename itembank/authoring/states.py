"""What becomes of frozen item versions: calibrated, approved, in use, resting, retired. Each move leaves its row.
Calibrations, the commission, pools and the security officer call these; nobody else writes a state."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from itembank.authoring.machine import MANUSCRIPT
from itembank.authoring.models import Manuscript
from itembank.items.models import Item
from itembank.withdrawals.queries import in_force, refuse
from server.core.db import batches
from server.core.errors import Invalid
from server.core.machine import moves_of
from server.core.work import Work


def of_versions(work: Work, item_version_ids: Collection[int]) -> list[Manuscript]:
    """The manuscripts of these item versions, in the order of their ids."""
    found: list[Manuscript] = []
    for ids in batches(item_version_ids):
        query = select(Manuscript).where(Manuscript.item_version_id.in_(ids))
        found += work.db.execute(query.order_by(Manuscript.item_version_id)).scalars()
    return found


def calibrate(work: Work, item_version_ids: Collection[int]) -> None:
    """Parameters of these versions were accepted; those further on stay where they are."""
    manuscripts = of_versions(work, item_version_ids)
    refuse(work, [each.item_id for each in manuscripts])
    for manuscript in manuscripts:
        if MANUSCRIPT.allows("calibrate", manuscript.state):
            work.move(manuscript, MANUSCRIPT, "calibrate")


def put_in_use(work: Work, item_version_ids: Collection[int]) -> None:
    """These versions are in a pool; Invalid names the items that are not approved."""
    manuscripts = of_versions(work, item_version_ids)
    refuse(work, [each.item_id for each in manuscripts])
    idle = [each for each in manuscripts if not MANUSCRIPT.allows("put_in_use", each.state)]
    if idle:
        raise Invalid("pool_state", items=", ".join(_codes(work, idle)))
    for manuscript in manuscripts:
        if manuscript.state != "in_use":
            work.move(manuscript, MANUSCRIPT, "put_in_use")


def approve(work: Work, manuscript: Manuscript, reason: str) -> None:
    """The commission has approved it; a written task needs no calibration."""
    refuse(work, [manuscript.item_id])
    is_written = work.db.get_one(Item, manuscript.item_id).type == "extended_text"
    verb = "approve_written" if is_written and manuscript.state == "pretest" else "approve"
    work.move(manuscript, MANUSCRIPT, verb, reason=reason)


def rest(work: Work, item_version_ids: Collection[int], reason: str) -> list[int]:
    """None of these versions is given any more; the ids of those that were not at rest before."""
    rested = []
    for manuscript in of_versions(work, item_version_ids):
        if MANUSCRIPT.allows("rest", manuscript.state):
            work.move(manuscript, MANUSCRIPT, "rest", reason=reason)
            rested += [manuscript.item_version_id] if manuscript.item_version_id else []
    return rested


def wake(work: Work, manuscript: Manuscript, reason: str) -> None:
    """It is again what it was before it rested; what was in use waits, approved, for its next pool."""
    if in_force(work, [manuscript.item_id]):
        raise Invalid("withdrawal_not_lifted", items=", ".join(_codes(work, [manuscript])))
    moves = [move for move in moves_of(work.db, MANUSCRIPT.name, [manuscript.id]) if move.verb == "rest"]
    before = moves[-1].from_state if moves else "approved"
    verb = {"pretest": "wake_pretest", "calibrated": "wake_calibrated"}.get(before, "wake_approved")
    work.move(manuscript, MANUSCRIPT, verb, reason=reason)


def retire(work: Work, manuscript: Manuscript, reason: str) -> None:
    """It is never given again, in any sitting to come."""
    work.move(manuscript, MANUSCRIPT, "retire", reason=reason)


def _codes(work: Work, manuscripts: Collection[Manuscript]) -> list[str]:
    query = select(Item.code).where(Item.id.in_([each.item_id for each in manuscripts][:20])).order_by(Item.code)
    return list(work.db.execute(query).scalars())
