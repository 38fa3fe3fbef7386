"""What pages show of linear forms: their composition by codes, how alike they are, never what an item says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

import numpy as np
from sqlalchemy import select

from irt.models import Items, info
from itembank.blueprints.models import Blueprint, Pool
from itembank.blueprints.queries import ItemRow, items_of
from itembank.blueprints.spec import Spec
from itembank.forms.models import ExamForm, FormSet
from itembank.forms.service import KIND
from server.core import tasks
from server.core.charts import Chart, Mark, Series
from server.core.errors import NotFound
from server.core.i18n import _, number
from server.core.tasks import TaskView
from server.core.work import Work

REACH, POINTS = 4.0, 81


@dataclass(frozen=True)
class SetRow:
    """Forms that were assembled together, in a list."""

    id: int
    purpose: str
    n: int
    disparity: float
    made_at: datetime
    digest: str


@dataclass(frozen=True)
class Form:
    """One form: its items in their order, and its information at the cuts."""

    id: int
    number: int
    items: tuple[ItemRow, ...]
    information: tuple[float, ...]
    digest: str

    def count(self, kind: str, name: str) -> int:
        """How many of its items are of a tier or an area."""
        return sum(getattr(item, kind) == name for item in self.items)


@dataclass(frozen=True)
class FormsPage:
    """A set of forms with all that its page shows."""

    row: SetRow
    pool_id: int
    subject: str
    spec: Spec
    plan: Mapping[str, Any]
    cuts: tuple[tuple[float, float], ...]
    forms: tuple[Form, ...]
    common: tuple[str, ...]
    shared: tuple[tuple[int, int, int], ...]
    chart: Chart

    def n_shared(self, one: int, other: int) -> int:
        """How many items two forms share."""
        pair = (min(one, other), max(one, other))
        return next((n for first, second, n in self.shared if (first, second) == pair), 0)


@dataclass(frozen=True)
class PoolForms:
    """The forms of a pool, and the tasks that are still open or failed."""

    pool_id: int
    subject: str
    length: int
    rows: tuple[SetRow, ...]
    tasks: tuple[TaskView, ...]


def forms_of(work: Work, pool_id: int) -> PoolForms:
    """The forms of a pool; NotFound if there is no such pool."""
    pool = work.db.get(Pool, pool_id)
    if pool is None:
        raise NotFound("not_found")
    blueprint = work.db.get_one(Blueprint, pool.blueprint_id)
    found = work.db.scalars(select(FormSet).where(FormSet.pool_id == pool_id).order_by(FormSet.id.desc()))
    waiting = [task for task in tasks.latest(work, KIND, f"pool:{pool_id}") if task.is_open or task.failure]
    return PoolForms(pool.id, pool.subject, blueprint.spec["length"], tuple(map(_row, found)), tuple(waiting))


def forms_page(work: Work, form_set_id: int) -> FormsPage:
    """The page of a set of forms; NotFound if there is none."""
    row = work.db.get(FormSet, form_set_id)
    if row is None:
        raise NotFound("not_found")
    pool = work.db.get_one(Pool, row.pool_id)
    spec = Spec.from_json(work.db.get_one(Blueprint, pool.blueprint_id).spec)
    items = {item.position: item for item in items_of(work, pool.id)}
    found = work.db.scalars(select(ExamForm).where(ExamForm.form_set_id == row.id).order_by(ExamForm.number)).all()
    forms = tuple(
        Form(form.id, form.number, tuple(items[at] for at in form.positions), tuple(reached), form.digest)
        for form, reached in zip(found, row.proof["information"], strict=True)
    )
    cuts = tuple(zip(row.proof["cuts"], row.proof["thetas"], strict=True))
    shared = tuple(
        (one.number, other.number, len({i.position for i in one.items} & {i.position for i in other.items}))
        for one, other in combinations(forms, 2)
    )
    common = tuple(items[at].code for at in row.proof["common"])
    return FormsPage(
        _row(row), pool.id, pool.subject, spec, row.plan, cuts, forms, common, shared, _chart(forms, cuts)
    )


def _row(row: FormSet) -> SetRow:
    return SetRow(row.id, row.purpose, row.plan["n"], row.proof["disparity"], row.made_at, row.digest)


def _chart(forms: Sequence[Form], cuts: Sequence[tuple[float, float]]) -> Chart:
    theta = np.linspace(-REACH, REACH, POINTS)
    series = []
    for form in forms:
        own = Items.from_lists([i.a for i in form.items], [i.b for i in form.items], [i.c for i in form.items])
        series.append(Series(_("Form %(n)s", n=form.number), theta.tolist(), info(theta, own).sum(axis=1).tolist()))
    return Chart(
        "forms", _("Information of the forms against theta"),
        _("The curves of the forms lie near each other. The table below has their values at the cuts of the grades."),
        "θ", _("Information"), tuple(series),
        tuple(Mark("x", at, f"{number(percent)} %") for percent, at in cuts), y_bounds=(0.0, 0.0),
    )  # fmt: skip
