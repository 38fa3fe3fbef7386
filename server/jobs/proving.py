"""Proof of the item bank for `server.jobs.verify`: versions, manuscripts and minutes, some hundred at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from itembank.authoring.commission.proof import session_faults
from itembank.authoring.models import CommissionSession, Manuscript
from itembank.authoring.proof import manuscript_faults
from itembank.interchange.models import ItemImport
from itembank.interchange.proof import import_faults
from itembank.items.models import ItemVersion
from itembank.items.proof import missing_versions, version_faults
from itembank.recipes.models import ItemRecipe
from itembank.recipes.proof import recipe_faults
from itembank.withdrawals.models import Withdrawal
from itembank.withdrawals.proof import journalled, missing_withdrawals, withdrawal_faults
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM
from server.core.work import Platform, Work, open_reading

AT_ONCE = 200
ADDING = "item_added"


@dataclass(frozen=True)
class Kind:
    """What is proved: the rows of a model, and who knows how."""

    name: str
    model: Any
    faults: Callable[[Work, Collection[int]], Iterator[str]]


KINDS = (
    Kind("item versions", ItemVersion, version_faults), Kind("manuscripts", Manuscript, manuscript_faults),
    Kind("commission sessions", CommissionSession, session_faults), Kind("imports", ItemImport, import_faults),
    Kind("recipes", ItemRecipe, recipe_faults), Kind("withdrawals", Withdrawal, withdrawal_faults),
)  # fmt: skip


def prove_bank(platform: Platform) -> tuple[dict[str, int], list[str]]:
    """How many of each kind were looked at, and one sentence for each fault."""
    with open_reading(platform, SYSTEM) as work:
        added, withdrawn = _added(work), journalled(work)  # before the rows: what is added meanwhile is no fault
    counts, faults = {}, []
    for kind in KINDS:
        counts[kind.name] = 0
        for ids in _batches(platform, kind.model):
            counts[kind.name] += len(ids)
            faults += _faults_of(platform, kind, ids)
    with open_reading(platform, SYSTEM) as work:
        faults += missing_versions(work, added)
        faults += missing_withdrawals(work, withdrawn)
    return counts, faults


def _faults_of(platform: Platform, kind: Kind, ids: Collection[int]) -> list[str]:
    """Rows that were tampered with may fail anywhere: then each is looked at by itself, and the one named."""
    with open_reading(platform, SYSTEM) as work:
        try:
            return list(kind.faults(work, ids))
        except Exception as error:
            if len(ids) == 1:
                return [f"{kind.model.__tablename__}:{min(ids)}: {type(error).__name__}: {error}"]
    return [fault for id_ in ids for fault in _faults_of(platform, kind, [id_])]


def _batches(platform: Platform, model: Any) -> Iterator[list[int]]:
    last = 0
    while True:
        with open_reading(platform, SYSTEM) as work:
            query = select(model.id).where(model.id > last).order_by(model.id).limit(AT_ONCE)
            ids = list(work.db.execute(query).scalars())
        if not ids:
            return
        yield ids
        last = ids[-1]


def _added(work: Work) -> set[tuple[str, int]]:
    """Code and number of every version that was added, as the journal knows them; a line without is a fault there."""
    query = select(JournalEntry.subject, JournalEntry.facts).where(JournalEntry.act == ADDING)
    found = {
        (subject.removeprefix("item:"), json.loads(facts).get("version"))
        for subject, facts in work.db.execute(query).yield_per(AT_ONCE)
    }
    return {(code, version) for code, version in found if version is not None}
