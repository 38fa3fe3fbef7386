"""What the pages of calibrations show, and what a repetition is compared by. No word of an item is opened here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select

from itembank.calibrations.decisions import standing
from itembank.calibrations.jobs import KIND
from itembank.calibrations.models import (
    CalibrationDecision,
    CalibrationItem,
    CalibrationReport,
    CalibrationRun,
    ItemParameter,
)
from itembank.calibrations.spec import Spec
from itembank.items.models import Item, ItemVersion
from server import accounts
from server.accounts.queries import find_organisation, staff_id_of
from server.core import tasks
from server.core.errors import Invalid, NotFound
from server.core.i18n import language
from server.core.tasks import TaskView
from server.core.work import Work

SHOWN = 30
SETTLED = ("anchored", "unseen")


@dataclass(frozen=True)
class RunRow:
    """A run as the list shows it; `design` is None of one that came ready-made."""

    id: int
    subject: str
    source: str
    n_persons: int
    made_at: datetime
    n_items: int
    design: str | None
    n_open: int


@dataclass(frozen=True)
class Verdict:
    """A decision with who made it and when; `id` is what the next one supersedes."""

    id: int
    verdict: str
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True)
class ItemLine:
    """One item in a report: what it is about, what became of it, its figures, what is said, what was decided."""

    item_version_id: int
    code: str
    version: int
    tier: str
    area: str
    outcome: str
    model: str
    n: int
    figures: Mapping[str, Any]
    flags: list[dict[str, Any]]
    decision: Verdict | None

    @property
    def may_be_accepted(self) -> bool:
        """Whether it has parameters."""
        return self.figures["b"] is not None

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to decide: an anchor was accepted when it came, of the unseen nothing is new."""
        return self.decision is None and self.outcome not in SETTLED


@dataclass(frozen=True)
class Report:
    """A run that was calculated here."""

    run: CalibrationRun
    reference_run_id: int | None
    design: str
    digest: str
    seed: int
    lineage: Mapping[str, Any]
    whole: Mapping[str, Any]
    items: tuple[ItemLine, ...]

    @property
    def n_open(self) -> int:
        """Items nobody has decided about."""
        return sum(each.is_open for each in self.items)

    def next_open(self, after: int) -> int | None:
        """The item version to be decided about next, going round."""
        ids = [each.item_version_id for each in self.items]
        at = ids.index(after) + 1 if after in ids else 0
        around = (*self.items[at:], *self.items[:at])
        return next((each.item_version_id for each in around if each.is_open), None)


def asked(work: Work) -> list[TaskView]:
    """The last calibrations that were asked for and of which no run has come, newest first; `subject` is theirs."""
    return [task for task in tasks.latest(work, KIND, most=SHOWN) if task.state != "done"]


def runs(work: Work) -> list[RunRow]:
    """All runs, newest first."""
    counted = select(ItemParameter.run_id, func.count().label("n")).group_by(ItemParameter.run_id).subquery()
    decided = exists().where(CalibrationDecision.run_id == CalibrationItem.run_id,
                             CalibrationDecision.item_version_id == CalibrationItem.item_version_id)  # fmt: skip
    undecided = (
        select(CalibrationItem.run_id, func.count().label("n")).where(CalibrationItem.outcome.not_in(SETTLED), ~decided)
        .group_by(CalibrationItem.run_id).subquery()
    )  # fmt: skip
    rows = work.db.execute(
        select(CalibrationRun, counted.c.n, CalibrationReport.design, undecided.c.n)
        .outerjoin(counted, counted.c.run_id == CalibrationRun.id)
        .outerjoin(CalibrationReport, CalibrationReport.run_id == CalibrationRun.id)
        .outerjoin(undecided, undecided.c.run_id == CalibrationRun.id)
        .order_by(CalibrationRun.id.desc())
    )
    return [RunRow(run.id, run.subject, run.source, run.n_persons, run.made_at, n or 0, design,
                   n_open or 0)
            for run, n, design, n_open in rows]  # fmt: skip


def report(work: Work, run_id: int) -> Report:
    """The run with all its items, those to be decided and spoken of first; NotFound of one that came ready-made."""
    run = work.db.get(CalibrationRun, run_id)
    row = work.db.execute(select(CalibrationReport).where(CalibrationReport.run_id == run_id)).scalar_one_or_none()
    if run is None or row is None:
        raise NotFound("not_found")
    decisions = standing(work, run_id)
    found = work.db.execute(
        select(CalibrationItem, ItemVersion.version, Item)
        .join(ItemVersion, ItemVersion.id == CalibrationItem.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(CalibrationItem.run_id == run_id)
    )
    lines = [_line(each, version, item, decisions.get(each.item_version_id)) for each, version, item in found]
    lines.sort(key=lambda line: (line.outcome in SETTLED, not line.flags, line.code))
    return Report(run, row.reference_run_id, row.design, row.digest, row.seed, row.lineage, row.figures, tuple(lines))


def history(work: Work, run_id: int, item_version_id: int) -> list[Verdict]:
    """Every decision on an item of a run, the first one first."""
    query = select(CalibrationDecision).where(CalibrationDecision.run_id == run_id,
                                              CalibrationDecision.item_version_id == item_version_id)  # fmt: skip
    rows = list(work.db.execute(query.order_by(CalibrationDecision.id)).scalars())
    ids = {each.decided_by: staff_id_of(each.decided_by) for each in rows}
    names = accounts.staff_names(work, [id_ for id_ in ids.values() if id_ is not None])
    return [_verdict(each, names.get(ids[each.decided_by] or 0)) for each in rows]


def regions(work: Work, found: Report) -> dict[str, str]:
    """The names of the departments whose candidates were compared, by their codes."""
    compared = [each for line in found.items for each in line.figures.get("dif", ()) if each["factor"] == "region"]
    codes = sorted({each[side] for each in compared for side in ("reference", "focal")})
    return {code: find_organisation(work, code).name(language()) for code in codes}


def spec_of_run(work: Work, run_id: int) -> Spec:
    """What a run was asked to do; Invalid of one that came ready-made."""
    row = work.db.execute(select(CalibrationReport).where(CalibrationReport.run_id == run_id)).scalar_one_or_none()
    if row is None:
        raise Invalid("calibration_ready_made")
    return Spec.of(row.lineage["spec"])


def sameness(work: Work, run_id: int, task_id: int) -> list[str]:
    """What differs between a run and that of a task that repeated it, in words of the operator; nothing if equal."""
    again = tasks.task_view(work, task_id)
    if again.result_id is None:
        return [f"the repetition ended as {again.state}: {again.failure or 'no reason'}"]
    first, second = _facts(work, run_id), _facts(work, again.result_id)
    return [f"{name} differs" for name in first if first[name] != second[name]]


def _facts(work: Work, run_id: int) -> dict[str, Any]:
    found = report(work, run_id)
    items = {each.item_version_id: (each.outcome, each.model, each.n, each.figures, each.flags) for each in found.items}
    return {"answers (digest)": found.digest, "software": found.lineage["software"], "figures": found.whole,
            "items": items}  # fmt: skip


def _line(row: CalibrationItem, version: int, item: Item, decision: CalibrationDecision | None) -> ItemLine:
    return ItemLine(row.item_version_id, item.code, version, item.tier, item.area, row.outcome, row.model, row.n,
                    row.figures, row.flags, None if decision is None else _verdict(decision))  # fmt: skip


def _verdict(row: CalibrationDecision, name: str | None = None) -> Verdict:
    return Verdict(row.id, row.verdict, row.reason, name or row.decided_by, row.decided_at)


def exposure(found: Report) -> dict[str, float]:
    """To how many of the candidates items were shown: the highest share, the mean, and how many nobody saw."""
    shares = [each.figures["exposure"] for each in found.items]
    seen = [share for share in shares if share > 0]
    return {"highest": max(shares, default=0.0), "mean": sum(seen) / len(seen) if seen else 0.0,
            "unseen": len(shares) - len(seen)}  # fmt: skip
