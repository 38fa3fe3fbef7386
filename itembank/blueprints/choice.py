"""Which items of a calibration may enter a pool, and why others may not. Nothing here opens an item."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from itembank.authoring.models import Manuscript
from itembank.calibrations.decisions import parameters_in_use, standing
from itembank.calibrations.models import ItemParameter
from itembank.items.models import Item, ItemVersion
from itembank.items.written import TYPE as WRITTEN
from server.core.work import Work

Fault = Literal["rejected", "undecided", "resting", "retired", "not_approved", "written", "area", "language"]
USABLE = ("approved", "in_use")
GONE = ("resting", "retired")


@dataclass(frozen=True)
class Entry:
    """An item of a calibration: what a blueprint looks at, its figures, its state, and what was decided of it."""

    version_id: int
    code: str
    type: str
    tier: str
    area: str
    family: str | None
    passage: str | None
    languages: tuple[str, ...]
    state: str
    verdict: str | None
    figures: ItemParameter

    @property
    def gone(self) -> Fault | None:
        """Why it serves no test at all; None if it may be tried, approved or not."""
        if self.verdict in ("rejected", "undecided"):
            return "rejected" if self.verdict == "rejected" else "undecided"
        if self.state in GONE:
            return "resting" if self.state == "resting" else "retired"
        return "written" if self.type == WRITTEN else None

    def fault(self, areas: Collection[str], languages: Collection[str]) -> Fault | None:
        """Why it may not enter a pool of these areas in these languages (DC-4); None if it may."""
        if self.gone is not None:
            return self.gone
        if self.state not in USABLE:
            return "not_approved"
        if self.area not in areas:
            return "area"
        return None if set(languages) <= set(self.languages) else "language"


def entries(work: Work, run_id: int) -> list[Entry]:
    """The items of a run, by code."""
    known = verdicts(work, run_id)
    rows = work.db.execute(
        select(Item, ItemVersion.id, ItemVersion.languages, Manuscript.state, ItemParameter)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(ItemParameter, ItemParameter.item_version_id == ItemVersion.id)
        .join(Manuscript, Manuscript.item_version_id == ItemVersion.id)
        .where(ItemParameter.run_id == run_id)
        .order_by(Item.code, ItemVersion.id)
    )
    return [
        Entry(
            version_id, item.code, item.type, item.tier, item.area, item.family, item.passage, tuple(languages), state,
            known.get(version_id), figures,
        )
        for item, version_id, languages, state, figures in rows
    ]  # fmt: skip


def verdicts(work: Work, run_id: int) -> dict[int, str]:
    """rejected or undecided, by item version, of those whose parameters no pool may use."""
    decided = standing(work, run_id)
    usable = parameters_in_use(work, run_id)
    every = work.db.scalars(select(ItemParameter.item_version_id).where(ItemParameter.run_id == run_id))
    return {each: "rejected" if each in decided else "undecided" for each in every if each not in usable}
