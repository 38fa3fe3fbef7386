"""Items that were withdrawn after their pool was frozen: which of a section's may not come any more.
The pool stays as it was published; each step keeps what was withheld when it was chosen."""

from __future__ import annotations

from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Pool

from itembank.withdrawals.queries import Withdrawn, newest, versions_in_force
from server.core.work import Work
from server.delivery.bench import Bench, database_of

Standing = tuple[tuple[int, Withdrawn], ...]
Known = tuple[tuple[int, str], Standing]
_known: WeakKeyDictionary[Connection | Pool, Known] = WeakKeyDictionary()
_lock = Lock()


def withheld(work: Work, bench: Bench, started_at: datetime | None) -> tuple[int, ...]:
    """The indices of the bench that may not come in a section that began then, or that begins now."""
    found = []
    for version_id, each in _in_force(work):
        if each.is_in_running or started_at is None or each.withdrawn_at <= started_at:
            found += [bench.places[version_id]] if version_id in bench.places else []
    return tuple(sorted(found))


def _in_force(work: Work) -> Standing:
    """Which versions are withdrawn; read anew only after a new decision: this is asked with every answer."""
    last = newest(work)
    if last is None:
        return ()
    with _lock:
        known = _known.get(database_of(work))
    if known is None or known[0] != last:
        known = last, tuple(versions_in_force(work))
        with _lock:
            _known[database_of(work)] = known
    return known[1]
