"""What is rehearsed: a published pool of the database, or item parameters from a file with the blueprint given."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from irt.arrays import Bools
from irt.models import Items
from irt.selection import Rule
from itembank import FrozenPool, Spec, load_pool
from itembank.blueprints.limits import Attributes
from itembank.blueprints.reference import reference_form
from itembank.blueprints.spec import Bounds
from itembank.rehearsals.source import Source
from server.core.errors import NotFound
from server.core.i18n import _
from server.core.roles import SYSTEM
from server.core.work import Platform, open_work
from server.web.messages.words import word_for

NUMBERS = ("a", "b", "c", "d")


class Unusable(ValueError):
    """What was asked for cannot be rehearsed; says why in words for whoever typed it."""


def from_pool(platform: Platform, pool_id: int) -> Source:
    """A published pool, opened as delivery opens it; the opening is journalled."""
    with open_work(platform, SYSTEM) as work:
        try:
            pool = load_pool(work, pool_id)
        except NotFound:
            raise Unusable(_("There is no pool %(id)s.", id=pool_id)) from None
    return of_pool(pool)


def of_pool(pool: FrozenPool) -> Source:
    """A pool that is already open."""
    title = _("%(subject)s, pool %(id)s", subject=word_for(pool.subject, ""), id=pool.id)
    return Source(
        f"{pool.subject}, {pool.id}", title, pool.items, pool.codes, pool.constraints, pool.spec,
        pool.items[pool.reference],
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The blueprint of a file's items: length, bounds per tier and area, how to choose, the reference form."""

    length: int
    tiers: Bounds
    areas: Bounds
    rule: Rule
    reference_length: int


def from_file(path: Path, plan: Plan) -> Source:
    """The items of a CSV file with the columns a, b, c, optional d, code, family, and tier and area."""
    rows = _rows(path)
    columns = {
        name: [_number(row, name, line) for line, row in rows] for name in NUMBERS if name in rows[0][1]
    }
    try:
        items = Items.from_lists(columns["a"], columns["b"], columns.get("c"), columns.get("d"))
    except ValueError as error:
        raise Unusable(f"{path}: {error}") from error
    tiers, areas = _labels(rows, "tier"), _labels(rows, "area")
    for column, bounds, labels in (("tier", plan.tiers, tiers), ("area", plan.areas, areas)):
        if unknown := sorted(set(bounds) - set(labels)):
            raise Unusable(_("%(path)s: no item has the %(column)s %(names)s.", path=path, column=column,
                             names=", ".join(unknown)))  # fmt: skip
    codes = tuple(row.get("code") or str(number) for number, (_line, row) in enumerate(rows, start=1))
    spec = Spec(
        length=plan.length, tiers=plan.tiers, areas=plan.areas, rule=plan.rule,
        reference_length=plan.reference_length,
    )  # fmt: skip
    families = [row.get("family") or None for _line, row in rows]
    pool = Attributes(tiers=tiers, areas=areas, families=families, passages=[None] * len(items))
    return Source(path.name, path.name, items, codes, spec.constraints(pool), spec,
                  items[_reference(spec, tiers, areas, items, codes)])  # fmt: skip


def _reference(
    spec: Spec, tiers: Sequence[str], areas: Sequence[str], items: Items, codes: Sequence[str]
) -> Bools:
    """The items of the reference form; what the blueprint leaves free follows the pool."""
    whole = Spec(
        length=spec.length,
        tiers=spec.tiers or dict.fromkeys(sorted(set(tiers)), (0, spec.length)),
        areas=spec.areas or dict.fromkeys(sorted(set(areas)), (0, spec.length)),
        reference_length=spec.reference_length,
    )
    chosen = reference_form(whole, tiers, areas, items.b, codes)
    if not chosen.any():
        raise Unusable(_("The blueprint leaves no item for a reference form."))
    return chosen


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = [(reader.line_num, {k: (v or "").strip() for k, v in row.items() if k}) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unusable(_("%(path)s cannot be read: %(reason)s", path=path, reason=error)) from error
    if not rows:
        raise Unusable(_("%(path)s has no items.", path=path))
    if missing := [name for name in ("a", "b", "c") if name not in rows[0][1]]:
        raise Unusable(_("%(path)s has no column %(names)s.", path=path, names=", ".join(missing)))
    return rows


def _number(row: dict[str, str], name: str, line: int) -> float:
    try:
        return float(row[name])
    except (KeyError, ValueError):
        raise Unusable(_("Line %(line)s, column %(name)s: “%(value)s” is no number.", line=line, name=name,
                         value=row.get(name, ""))) from None  # fmt: skip


def _labels(rows: list[tuple[int, dict[str, str]]], column: str) -> list[str]:
    """The label of every item; without the column all share one, without a name."""
    return [row.get(column, "") for _line, row in rows]
