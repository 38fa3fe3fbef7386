"""A list of cases as a page shows it: those wanted, the nearest deadline first, so many at once.
Of which cases there are each page takes care itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, TypeVar

from server.core.terms import typed_page

PAGE, Q_MAX = 50, 80
NEVER = datetime.max.replace(tzinfo=UTC)


class Row(Protocol):
    """What is asked of a case to find its place: `due_at` is the limit of what is awaited next."""

    @property
    def id(self) -> int: ...

    @property
    def due_at(self) -> datetime | None: ...

    @property
    def searched(self) -> str: ...


R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Wish:
    """Which part of the cases the reader wants, what stands in them, and which page."""

    show: str = ""
    q: str = ""
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Wish:
        """The wish that a query string states."""
        return cls(args.get("show", ""), args.get("q", "").strip()[:Q_MAX], typed_page(args.get("page", "")))


@dataclass(frozen=True)
class Sheet(Generic[R]):
    """One page of one part of the cases that fit, and how many are in each part."""

    rows: Sequence[R]
    show: str
    q: str
    page: int
    pages: int
    counts: Mapping[str, int]

    @property
    def args(self) -> dict[str, Any]:
        """What the address of every page of this part says."""
        return {"show": self.show} | ({"q": self.q} if self.q else {})


def sheet(rows: Sequence[R], wish: Wish, parts: Mapping[str, Callable[[R], bool]]) -> Sheet[R]:
    """The page that is wanted; of a part that nobody names the first one that has a case."""
    fits = [row for row in rows if wish.q.casefold() in row.searched.casefold()]
    found = {name: [row for row in fits if belongs(row)] for name, belongs in parts.items()}
    show = wish.show if wish.show in found else next((name for name in found if found[name]), next(iter(found)))
    in_order = sorted(found[show], key=lambda row: (row.due_at or NEVER, -row.id))
    shown, page, pages = cut(in_order, wish.page)
    return Sheet(shown, show, wish.q, page, pages, {name: len(each) for name, each in found.items()})


T = TypeVar("T")


def cut(rows: Sequence[T], page: int) -> tuple[Sequence[T], int, int]:
    """The rows of a page, its number among those there are, and how many there are."""
    pages = max(1, -(-len(rows) // PAGE))
    page = min(page, pages)
    return rows[(page - 1) * PAGE : page * PAGE], page, pages
