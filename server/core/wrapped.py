"""Where wrapped keys lie in the database, whichever feature owns the table: found, proved, wrapped anew.

Of a row only the wrapped key changes here, never the key in it: what was sealed with it opens as before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, MetaData, RowMapping, Table, func, select, update
from sqlalchemy.orm import MappedColumn, Session, mapped_column

from server.core.masters import ID
from server.core.sealing import Tampered
from server.core.vault import Vault

PLACE = "wrapped_at"


def wrapped_key(place: str) -> MappedColumn[Any]:
    """A column of wrapped keys; `place` names the columns that each is bound to, such as `item:{id}`."""
    return mapped_column(LargeBinary, info={PLACE: place})


@dataclass(frozen=True)
class Batch:
    """Some rows of a column: how many were wrapped anew, what does not open, and the last one looked at."""

    looked_at: int
    rewrapped: int
    faults: tuple[str, ...]
    last: Any


@dataclass(frozen=True)
class KeyColumn:
    """A column, and whether it is known to hold wrapped keys; `place` is empty if it is not."""

    table: Table
    name: str
    place: str

    def __str__(self) -> str:
        return f"{self.table.name}.{self.name}"

    def bound_to(self, row: RowMapping) -> str:
        """What the key of that row was wrapped for; bytes are written in hex."""
        return self.place.format(**{k: v.hex() if isinstance(v, bytes) else v for k, v in row.items()})

    def count(self, db: Session, master: bytes | None = None) -> int:
        """How many keys it holds; how many of them that master key wrapped."""
        whole = select(func.count()).select_from(self.table).where(self._wrapped.is_not(None))
        return db.execute(whole if master is None else whole.where(self._master == master)).scalar_one()

    def prove(self, db: Session, vault: Vault, after: Any, limit: int) -> Batch:
        """The next keys open, each for its place."""
        rows = self._rows(db, after, limit)
        faults = tuple(fault for row in rows if (fault := self._fault(vault, row)))
        return Batch(len(rows), 0, faults, rows[-1][self._id.name] if rows else None)

    def rewrap(self, db: Session, vault: Vault, after: Any, limit: int) -> Batch:
        """The next keys that the wrapping master key did not wrap are wrapped by it; what does not open stays."""
        rows = self._rows(db, after, limit, self._master != vault.master_ids()[0])
        faults, changed = [], 0
        for row in rows:
            fault = self._fault(vault, row)
            if fault:
                faults.append(fault)
                continue
            anew = vault.rewrap(row[self.name], self.bound_to(row))
            # Somebody else may have put another key there meanwhile, or none: that one is left alone.
            as_read = (self._id == row[self._id.name], self._wrapped == row[self.name])
            changed += db.connection().execute(update(self.table).where(*as_read).values({self.name: anew})).rowcount
        return Batch(len(rows), changed, tuple(faults), rows[-1][self._id.name] if rows else None)

    @property
    def _wrapped(self) -> ColumnElement[Any]:
        return self.table.c[self.name]

    @property
    def _master(self) -> ColumnElement[bytes]:
        return func.substr(self._wrapped, 1, ID, type_=LargeBinary())

    @property
    def _id(self) -> Any:
        return next(iter(self.table.primary_key))

    def _rows(self, db: Session, after: Any, limit: int, *which: ColumnElement[bool]) -> list[RowMapping]:
        named = {name for _text, name, _spec, _conversion in Formatter().parse(self.place) if name}
        wanted = [self.table.c[name] for name in sorted({self._id.name, self.name, *named})]
        found = select(*wanted).where(self._wrapped.is_not(None), *which).order_by(self._id).limit(limit)
        return list(db.execute(found if after is None else found.where(self._id > after)).mappings())

    def _fault(self, vault: Vault, row: RowMapping) -> str:
        try:
            vault.unwrap(row[self.name], self.bound_to(row))
        except Tampered as error:
            return f"{self.table.name}:{row[self._id.name]}: {self.name}: {error}"
        return ""


def key_columns(metadata: MetaData) -> list[KeyColumn]:
    """Every column that holds wrapped keys."""
    return [each for each in _binary(metadata) if each.place]


def strays(db: Session, metadata: MetaData, vault: Vault) -> list[str]:
    """Columns that hold what begins with the id of a master key, though nobody says that keys lie there."""
    unknown = (each for each in _binary(metadata) if not each.place)
    return [str(each) for each in unknown if any(each.count(db, master) for master in vault.master_ids())]


def _binary(metadata: MetaData) -> Iterator[KeyColumn]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary):
                yield KeyColumn(table, column.name, column.info.get(PLACE, ""))
