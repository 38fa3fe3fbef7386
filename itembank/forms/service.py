"""Parallel forms of a pool: asked for on its page, assembled by a worker, frozen under a digest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sqlalchemy import select

from irt.arrays import Floats
from irt.assembly import Constraints
from irt.models import Items, info
from irt.parallel import Forms, Impossible, lacking, parallel_forms
from irt.stopping import theta_cuts
from itembank.authoring.models import Manuscript
from itembank.blueprints.choice import GONE
from itembank.blueprints.drafts.law import cuts
from itembank.blueprints.models import Blueprint, Pool, PoolItem
from itembank.blueprints.pool import attributes_of
from itembank.blueprints.spec import Spec
from itembank.forms.models import ExamForm, FormSet
from itembank.items.content import canonical
from server.core import tasks
from server.core.errors import Invalid, NotFound
from server.core.roles import SYSTEM
from server.core.tasks import Keep, Progress, TaskRef
from server.core.vault import digest
from server.core.work import Platform, Work, open_work

KIND = "forms"
MOST_FORMS, MOST_COMMON = 8, 50
PURPOSES = ("paper", "makeup")


@dataclass(frozen=True)
class Plan:
    """`n` forms of which any two share from `least` to `most` items, the same in all.

    `is_fresh`: no item of an earlier form of the pool, as for those who sit the test on another day (DC-18)."""

    n: int
    least: int
    most: int
    purpose: str
    is_fresh: bool

    def __post_init__(self) -> None:
        in_order = 1 <= self.n <= MOST_FORMS and 0 <= self.least <= self.most <= MOST_COMMON
        if not in_order or self.purpose not in PURPOSES:
            raise Invalid("forms_plan", n=MOST_FORMS, most=MOST_COMMON)


@dataclass(frozen=True, eq=False)
class Ground:
    """The items of a pool that forms may be made of; `positions` are theirs in the pool."""

    pool: Pool
    positions: tuple[int, ...]
    rows: tuple[PoolItem, ...]
    items: Items
    constraints: Constraints
    percents: tuple[float, ...]
    thetas: Floats


def ask_forms(work: Work, pool_id: int, plan: Plan) -> int:
    """The forms wait for a worker; Invalid says what the pool lacks, where quotas alone tell it. The task's id."""
    ground = _ground(work, pool_id, plan)
    if reasons := lacking(ground.constraints, plan.n, (plan.least, plan.most)):
        missing = [[list(each.quotas) or ["items"], each.missing] for each in reasons]
        raise Invalid("forms_short", missing=missing, n=plan.n)
    return tasks.ask_once(work, KIND, f"pool:{pool_id}", {"pool_id": pool_id, **asdict(plan)})


def assemble(platform: Platform, task: TaskRef, _tell: Progress) -> Keep:
    """The forms are found; keeps their set. The handler of these tasks."""
    arguments = dict(task.arguments)
    pool_id, plan = int(arguments.pop("pool_id")), Plan(**arguments)
    with open_work(platform, SYSTEM) as work:
        ground = _ground(work, pool_id, plan)
    found = _assembled(ground, plan)
    return lambda work: _keep(work, ground, plan, found, task.asked_by)


def _ground(work: Work, pool_id: int, plan: Plan) -> Ground:
    pool = work.db.get(Pool, pool_id)
    if pool is None:
        raise NotFound("not_found")
    blueprint = work.db.get_one(Blueprint, pool.blueprint_id)
    spec = Spec.from_json(blueprint.spec)
    whole = work.db.scalars(select(PoolItem).where(PoolItem.pool_id == pool.id).order_by(PoolItem.position)).all()
    reference = Items.from_lists(*([getattr(row, p) for row in whole if row.is_reference] for p in "abc"))
    barred = _barred(work, pool.id, plan)
    rows = [row for row in whole if row.position not in barred]
    if len(rows) < spec.length:
        raise Invalid("forms_short", missing=[[["items"], spec.length - len(rows)]], n=plan.n)
    percents = [cut.percent for cut in cuts()]
    # A cut that everybody or nobody reaches on the reference form is no point to be alike at.
    points = [(p, t) for p, t in zip(percents, theta_cuts(reference, percents), strict=True) if math.isfinite(t)]
    if not points:
        raise Invalid("forms_no_cut")
    return Ground(
        pool, tuple(row.position for row in rows), tuple(rows),
        Items.from_lists(*([getattr(row, p) for row in rows] for p in "abc")),
        spec.constraints(attributes_of(rows, pool.sigma)),
        tuple(percent for percent, _theta in points), np.array([theta for _percent, theta in points]),
    )  # fmt: skip


def _barred(work: Work, pool_id: int, plan: Plan) -> set[int]:
    """Positions of items that rest by now, and of those in earlier forms where fresh ones are wanted."""
    gone = (
        select(PoolItem.position)
        .join(Manuscript, Manuscript.item_version_id == PoolItem.item_version_id)
        .where(PoolItem.pool_id == pool_id, Manuscript.state.in_(GONE))
    )
    barred = set(work.db.scalars(gone))
    if plan.is_fresh:
        earlier = select(ExamForm.positions).join(FormSet, FormSet.id == ExamForm.form_set_id)
        for positions in work.db.scalars(earlier.where(FormSet.pool_id == pool_id)):
            barred |= set(positions)
    return barred


def _assembled(ground: Ground, plan: Plan) -> Forms:
    information = info(ground.thetas, ground.items)
    found = parallel_forms(ground.constraints, information, plan.n, (plan.least, plan.most))
    if isinstance(found, Impossible):
        raise Invalid("forms_impossible" if found.is_proved else "forms_not_found")
    return found


def _keep(work: Work, ground: Ground, plan: Plan, found: Forms, asked_by: str) -> int:
    ordered = [_in_order(ground, form) for form in found.forms]
    positions = [[ground.positions[at] for at in form] for form in ordered]
    proof = {
        "cuts": list(ground.percents), "thetas": ground.thetas.tolist(),
        "information": found.information.tolist(), "disparity": found.disparity, "n_swaps": found.n_swaps,
        "common": [ground.positions[at] for at in found.common],
    }  # fmt: skip
    digests = [_form_digest(ground, n, form) for n, form in enumerate(ordered, start=1)]
    whole: Mapping[str, Any] = {"format": 1, "pool": ground.pool.digest, "plan": asdict(plan), "forms": digests}
    row = FormSet(
        pool_id=ground.pool.id, purpose=plan.purpose, plan=asdict(plan), proof=proof, digest=digest(canonical(whole)),
        made_at=work.now, made_by=asked_by,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # its id is what the forms refer to
    for n, (each, own) in enumerate(zip(positions, digests, strict=True), start=1):
        work.db.add(ExamForm(form_set_id=row.id, number=n, positions=each, digest=own))
    work.record("forms_assembled", f"form_set:{row.id}", clause="DC-8", pool_id=ground.pool.id, n=plan.n,
                digest=row.digest)  # fmt: skip
    return row.id


def _in_order(ground: Ground, form: Sequence[int]) -> list[int]:
    """As a booklet has it: the easy before the hard, the items of a passage in a row."""
    groups: dict[str, list[int]] = {}
    for at in form:
        groups.setdefault(ground.rows[at].passage or f"item {at}", []).append(at)
    b = ground.items.b
    for members in groups.values():
        members.sort(key=lambda at: (b[at], at))
    by_ease = sorted(groups.values(), key=lambda members: (float(np.mean(b[members])), members))
    return [at for members in by_ease for at in members]


def _form_digest(ground: Ground, number: int, form: Sequence[int]) -> str:
    rows = [ground.rows[at] for at in form]
    return digest(canonical({
        "format": 1, "pool": ground.pool.digest, "number": number,
        "items": [[row.position, row.item_version_id, row.key_version_id] for row in rows],
    }))  # fmt: skip
