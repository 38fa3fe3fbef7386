"""What the page shows before a pool is published: which items would enter, which not and why, and whether it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from itembank.blueprints.choice import Fault, entries
from itembank.blueprints.drafts.queries import RunRow, runs_of
from itembank.blueprints.drafts.reading import Problem
from itembank.blueprints.models import Blueprint
from itembank.blueprints.spec import Spec
from itembank.items.content import TIERS
from itembank.items.models import Item, ItemVersion
from itembank.items.written import TYPE as WRITTEN
from itembank.rehearsals.models import Rehearsal
from itembank.rehearsals.shortages import shortages
from server.core.errors import NotFound
from server.core.work import Work

SHOWN = 12


@dataclass(frozen=True)
class LeftOut:
    """Why items are left out, how many, and the first of them."""

    fault: Fault
    n: int
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """The items of a run under a blueprint in some languages."""

    n: int
    counts: Mapping[str, Mapping[str, int]]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]

    @property
    def n_left_out(self) -> int:
        """How many items of the run do not enter."""
        return sum(each.n for each in self.left_out)


@dataclass(frozen=True)
class Choosing:
    """The page on which a pool is put together."""

    blueprint_id: int
    subject: str
    version: int
    spec: Spec
    runs: tuple[RunRow, ...]
    run_id: int | None
    languages: tuple[str, ...]
    preview: Preview | None
    rehearsals: tuple[int, ...]
    tasks: tuple[str, ...]


def choosing(work: Work, blueprint_id: int, run_id: int | None, languages: Sequence[str]) -> Choosing:
    """The page for a blueprint; NotFound if there is none."""
    blueprint = work.db.get(Blueprint, blueprint_id)
    if blueprint is None:
        raise NotFound("not_found")
    spec, runs = Spec.from_json(blueprint.spec), runs_of(work, blueprint.subject)
    chosen = run_id if run_id in {run.id for run in runs} else (runs[0].id if runs else None)
    preview = preview_of(work, spec, chosen, languages) if chosen is not None else None
    tried = select(Rehearsal).where(Rehearsal.calibration_run_id == chosen).order_by(Rehearsal.id.desc())
    return Choosing(
        blueprint_id=blueprint.id, subject=blueprint.subject, version=blueprint.version, spec=spec, runs=runs,
        run_id=chosen, languages=tuple(languages), preview=preview,
        rehearsals=tuple(each.id for each in work.db.scalars(tried) if each.spec == spec.to_json()),
        tasks=_written(work, blueprint.subject, spec, languages) if spec.written else (),
    )  # fmt: skip


def preview_of(work: Work, spec: Spec, run_id: int, languages: Sequence[str]) -> Preview:
    """Which items of the run enter, which not, and whether those that do give every candidate a lawful test."""
    found = [(each, each.fault(spec.areas, languages)) for each in entries(work, run_id)]
    fit = [each for each, fault in found if fault is None]
    reasons: dict[Fault, list[str]] = {}
    for each, fault in found:
        if fault is not None:
            reasons.setdefault(fault, []).append(each.code)
    counts: dict[str, dict[str, int]] = {area: dict.fromkeys(TIERS, 0) for area in spec.areas}
    for each in fit:
        counts[each.area][each.tier] += 1
    left_out = tuple(LeftOut(fault, len(codes), tuple(codes[:SHOWN])) for fault, codes in sorted(reasons.items()))
    return Preview(len(fit), counts, left_out, shortages(work, run_id, spec, [each.version_id for each in fit]))


def _written(work: Work, subject: str, spec: Spec, languages: Sequence[str]) -> tuple[str, ...]:
    """The written tasks that may be named, by code."""
    rows = work.db.execute(
        select(Item.code, ItemVersion.languages, Item.area)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.subject == subject, Item.type == WRITTEN)
        .order_by(Item.code)
    )
    return tuple(sorted({code for code, spoken, area in rows if set(languages) <= set(spoken) and area in spec.areas}))
