"""A file as it was uploaded, whatever it is: a package of the standard, a workbook, or a text with columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from itembank.interchange.archive import Archive
from itembank.interchange.outline import Outlined
from itembank.interchange.qti.manifest import FILE
from itembank.interchange.qti.package import Package
from itembank.interchange.remarks import Defaults, Outcome, Remark
from itembank.interchange.tables.cells import WORKBOOK
from itembank.interchange.tables.reading import Table
from server.core.errors import Invalid


class Upload(Protocol):
    """Items that came in together: how many, what becomes of each, and what is said of them all."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Outcome]: ...

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What is said of the file as a whole."""

    def outcome(self, at: int) -> Outcome:
        """What becomes of the item at that place."""


def read(data: bytes, defaults: Defaults) -> Upload:
    """The items of the file; Invalid says why none of it can be read."""
    if not data:
        raise Invalid("upload_empty")
    if data.startswith(b"PK"):
        archive = Archive(data)
        is_table = FILE not in archive and WORKBOOK in archive
        return Table(data, defaults) if is_table else Package(data, defaults)
    return Table(data, defaults)


def tests_of(upload: Upload) -> tuple[Outlined, ...]:
    """The tests that came in with the items; a table has none."""
    return upload.tests if isinstance(upload, Package) else ()
