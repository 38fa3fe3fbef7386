"""What is corrected by now, and what was when a score was made: applied runs, read back in the order they were applied.
Of one item the last word counts: a strike made in error is undone by a run that names the key that counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.pool import Pool

from itembank.items.correcting import open_key
from server.core.work import Work
from server.delivery.bench import database_of
from server.grading import head
from server.grading.corrections import NONE, CorrectedKey, Corrections
from server.grading.rescoring.models import RescoringRun

APPLIED = (
    select(RescoringRun.kind, RescoringRun.item_version_id, RescoringRun.key_version_id)
    .where(RescoringRun.applied_no.is_not(None), RescoringRun.item_version_id.is_not(None))
    .order_by(RescoringRun.applied_no)
)
# Key versions are only added, so none goes stale; they are opened, and that journalled, once in a process.
_keys: WeakKeyDictionary[Connection | Pool, dict[int, Mapping[str, Any]]] = WeakKeyDictionary()
_lock = Lock()


def corrections_in_force(work: Work, *, to_grade: bool = False) -> Corrections:
    """What counts now. `to_grade`: no correction is applied beside this work until it has committed."""
    if to_grade:
        # Lock before reading: who grades while a run is applied grades with it, or is among those it rescored.
        head.share(work)
    return _folded(work, _applied(work))


def corrections_then(work: Work, digest: str, versions: frozenset[int]) -> Corrections | None:
    """What was in force among these item versions when it had that digest; None if it never had."""
    if not digest:
        return NONE
    runs = _applied(work)
    for n in range(len(runs), 0, -1):
        then = _folded(work, runs[:n]).among(versions)
        if then.digest == digest:
            return then
    return None


def with_run(work: Work, run: RescoringRun, known: Corrections) -> Corrections:
    """What will be in force once the run is applied."""
    if run.item_version_id is None:
        return known
    return _and(work, known, Applied(run.kind, run.item_version_id, run.key_version_id))


@dataclass(frozen=True)
class Applied:
    """A run that was applied to an item."""

    kind: str
    item_version_id: int
    key_version_id: int | None


def _applied(work: Work) -> list[Applied]:
    return [Applied(kind, version or 0, key) for kind, version, key in work.db.execute(APPLIED)]


def _folded(work: Work, runs: Iterable[Applied]) -> Corrections:
    known = NONE
    for run in runs:
        known = _and(work, known, run)
    return known


def _and(work: Work, known: Corrections, run: Applied) -> Corrections:
    version = run.item_version_id
    keys = {each: key for each, key in known.keys.items() if each != version}
    if run.kind == "item_struck":
        return Corrections(known.struck | {version}, keys)
    assert run.key_version_id is not None
    keys[version] = CorrectedKey(run.key_version_id, _key(work, run.key_version_id))
    return Corrections(known.struck - {version}, keys)


def _key(work: Work, key_version_id: int) -> Mapping[str, Any]:
    with _lock:
        known = _keys.setdefault(database_of(work), {})
        if key_version_id not in known:
            known[key_version_id] = open_key(work, key_version_id)
        return known[key_version_id]
