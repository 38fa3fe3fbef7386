"""Plans are made by the psychometrician, frozen and digested; a plan, or one item of it, is stopped for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from itembank.items.models import ItemVersion, KeyVersion
from itembank.items.service import open_version
from itembank.pretests.candidates import ANYWHERE, Beside, Trial, beside, obstacle, trials
from itembank.pretests.models import PretestItem, PretestPlan, PretestStop
from itembank.pretests.places import Kin, Layout
from itembank.pretests.plan import Tried, plan_digest
from itembank.pretests.rules import PretestRule
from itembank.withdrawals.queries import refuse_versions
from server.core.errors import Invalid, NotFound
from server.core.regulation import Edition, Ruling
from server.core.work import Work

CLAUSE = "DC-8.pretest"
MOST_NEEDED = 100_000
REASON_MAX = 300


@dataclass(frozen=True, kw_only=True)
class NewPlan:
    """Which items are tried out beside which pool, how many a candidate gets and where they stand.

    `needed` are the answers each item is to get in each language of the pool."""

    pool_id: int
    item_version_ids: Sequence[int]
    per_candidate: int
    layout: Layout
    needed: Mapping[str, int]
    is_near: bool = False


def plan_pretest(work: Work, new: NewPlan, edition: Edition) -> int:
    """The plan stands, frozen; refused in words where an item may not be tried out there, or not so many, or so."""
    pool, found, ruling = judged(work, new, edition)
    layout = new.layout
    plan = PretestPlan(
        pool_id=pool.pool_id, subject=pool.subject, per_candidate=new.per_candidate, first=layout.first,
        last=layout.last, apart=layout.apart, is_near=new.is_near, needed=dict(new.needed), digest="", proof={},
        made_at=work.now, made_by=work.actor.label,
    )  # fmt: skip
    tried = [_tried(work, pool, at, each) for at, each in enumerate(found)]
    plan.proof = {"ruling": ruling.to_json(), "seals": [each.seal(work.vault) for each in tried]}
    plan.digest = plan_digest(plan, tried)
    work.db.add(plan)
    work.db.flush()  # its id is what the items refer to
    for each in tried:
        each.row.plan_id = plan.id
    work.db.add_all([each.row for each in tried])
    work.db.flush()  # whoever loads the plan in this unit of work finds all of it
    work.record(
        "pretest_planned", f"pretest_plan:{plan.id}", clause=CLAUSE, digest=plan.digest, pool_id=pool.pool_id,
        items=[each.code for each in tried], per_candidate=new.per_candidate,
    )  # fmt: skip
    return plan.id


def judged(work: Work, new: NewPlan, edition: Edition) -> tuple[Beside, list[Trial], Ruling]:
    """The pool, the items and the ruling by which they may be tried out so; refused in words otherwise."""
    pool = beside(work, new.pool_id)
    refuse_versions(work, new.item_version_ids)
    found = _trials(work, pool, new.item_version_ids)
    layout, rule = new.layout, edition.get(CLAUSE, PretestRule)
    ruling = rule.judge(new.per_candidate, pool.length, layout.first, layout.last, layout.apart).or_refuse()
    _check_numbers(pool, new, [each.kin for each in found])
    return pool, found, ruling


def _check_numbers(pool: Beside, new: NewPlan, kin: Sequence[Kin]) -> None:
    most = new.layout.most(pool.least)
    if new.per_candidate > most:
        raise Invalid("pretest_places", n=new.per_candidate, most=most, length=pool.least)
    together: list[Kin] = []
    for each in kin:
        if not any(each.clashes(other) for other in together):
            together.append(each)
    if not 1 <= new.per_candidate <= len(together):
        raise Invalid("pretest_few_items", n=new.per_candidate, most=len(together))
    wanted = set(new.needed) == set(pool.languages)
    if not wanted or not all(1 <= n <= MOST_NEEDED for n in new.needed.values()):
        raise Invalid("pretest_needed", most=MOST_NEEDED)


def stop_pretest(work: Work, plan_id: int, reason: str, position: int | None = None) -> None:
    """No candidate who begins from now on gets the item, or, without a position, any of the plan."""
    if work.db.get(PretestPlan, plan_id) is None:
        raise NotFound("not_found")
    here = select(PretestItem.id).where(PretestItem.plan_id == plan_id, PretestItem.position == position)
    if position is not None and work.db.execute(here).first() is None:
        raise NotFound("not_found")
    words = " ".join(reason.split())
    if not 0 < len(words) <= REASON_MAX:
        raise Invalid("pretest_reason", most=REASON_MAX)
    work.db.add(
        PretestStop(plan_id=plan_id, position=position, reason=words, stopped_at=work.now, stopped_by=work.actor.label)
    )
    work.record("pretest_stopped", f"pretest_plan:{plan_id}", clause=CLAUSE, position=position, reason=words)


def _trials(work: Work, pool: Beside, ids: Sequence[int]) -> list[Trial]:
    found = trials(work, pool.subject, ids)
    if not ids or len(set(ids)) != len(ids) or len(found) != len(ids):
        raise Invalid("pretest_items", subject=pool.subject)
    if len({each.item.id for each in found}) != len(found):
        raise Invalid("pretest_versions")
    for each in found:
        fault = obstacle(pool, each)
        if fault is not None:
            raise fault
    return found


def _tried(work: Work, pool: Beside, at: int, trial: Trial) -> Tried:
    item, key = trial.item, work.db.get_one(KeyVersion, trial.key_version_id)
    row = PretestItem(
        position=at, item_version_id=trial.version.id, key_version_id=key.id, tier=item.tier, area=item.area,
        family=item.family, passage=item.passage, b_guess=pool.b_of_tier.get(item.tier, ANYWHERE),
    )  # fmt: skip
    return Tried(row, item.code, *open_version(work, work.db.get_one(ItemVersion, trial.version.id), key))
