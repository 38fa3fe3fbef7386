"""`python -m server.jobs.rotate_keys`: the first master key wraps every key in the database, while exams go on.

Killed, it is started again and goes on. At the end it says which older master keys may be destroyed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.core.roles import SYSTEM
from server.core.work import Platform, open_reading, open_work
from server.core.wrapped import KeyColumn, key_columns, strays
from server.web.all_models import metadata
from server.web.config import Config

BATCH = 50  # an answer waits for one batch at most
Tell = Callable[[str], None]


@dataclass
class Rotation:
    """How many keys were wrapped anew, what did not open, and how many each master key still wraps."""

    rewrapped: int = 0
    faults: list[str] = field(default_factory=list)
    wrapped_by: Mapping[str, int] = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """True if every key is wrapped by the first master key."""
        return not self.faults and not self.strays and not any([*self.wrapped_by.values()][1:])


def rotate(platform: Platform, tell: Tell) -> Rotation:
    """Every key that opens is wrapped by the first master key; how it stands is in the journal."""
    done = Rotation()
    columns = key_columns(metadata)
    with open_work(platform, SYSTEM) as work:
        work.record("master_key_rotation_begun", "system", master_keys=_names(platform))
    while sum([_pass(platform, column, done, tell) for column in columns]):
        pass  # once more: meanwhile a key may have come, or gone from a column to one that was done before it
    with open_reading(platform, SYSTEM) as work:
        ids = platform.vault.master_ids()
        done.wrapped_by = {each.hex(): sum(column.count(work.db, each) for column in columns) for each in ids}
        done.strays = strays(work.db, metadata, platform.vault)
    with open_work(platform, SYSTEM) as work:
        work.record(
            "master_key_rotated", "system", rewrapped=done.rewrapped, faults=len(done.faults),
            wrapped_by=dict(done.wrapped_by),
        )  # fmt: skip
    return done


def _pass(platform: Platform, column: KeyColumn, done: Rotation, tell: Tell) -> int:
    """The column once from its first row to its last, some rows in each transaction; how many were wrapped anew."""
    after: Any = None
    faults: list[str] = []
    changed = 0
    while True:
        with open_work(platform, SYSTEM) as work:
            batch = column.rewrap(work.db, platform.vault, after, BATCH)
        if not batch.looked_at:
            break
        after, changed = batch.last, changed + batch.rewrapped
        done.rewrapped += batch.rewrapped
        faults += batch.faults
        tell(f"{column}: {changed} wrapped anew")
    done.faults = [fault for fault in done.faults if fault not in faults] + faults
    return changed


def _names(platform: Platform) -> list[str]:
    return [each.hex() for each in platform.vault.master_ids()]


def verdict(done: Rotation) -> list[str]:
    """What the operator may do now, a sentence each."""
    (first, n), *older = done.wrapped_by.items()
    said = [f"{done.rewrapped} keys were wrapped anew; master key {first} wraps {n}."]
    for name, left in older:
        said.append(
            f"Master key {name} still wraps {left}: KEEP it. If no fault is named, some server does not know the "
            "first one yet; tell it, and run this again." if left else
            f"Master key {name} wraps nothing here any more. It may be taken out of every ring and destroyed, "
            "once no backup is kept that was made before now."
        )  # fmt: skip
    unknown = "holds wrapped keys that no rotation reaches: KEEP all master keys, and tell the makers."
    return [*said, *(f"{each} {unknown}" for each in done.strays)]


def main() -> int:
    """The command; every fault on a line of its own."""
    argparse.ArgumentParser(prog="python -m server.jobs.rotate_keys", description=__doc__).parse_args()
    platform = Config.from_env().make_platform()
    done = rotate(platform, lambda what: print(what, file=sys.stderr, flush=True))
    platform.database.close()
    for line in (*done.faults, *verdict(done)):
        print(line)
    return 0 if done.is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
