"""A test that came in with a package, as its pages need it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from itembank.interchange import Defaults, write_qti
from itembank.interchange.models import ImportedTest
from itembank.interchange.outline import Entry, Outline, Part, Section
from itembank.interchange.service import receive, run
from itembank.items.content import NewItem
from server.core.roles import Actor
from server.core.work import Platform, open_work
from tests.factories.itembank import new_item


def an_outline(*sections: Section, time_s: float | None = 2700, title: str = "Сынак 1") -> Outline:
    """A test of one part with these sections."""
    return Outline("T-1", title, (Part("P-1", "linear", "individual", sections),), time_s)


def a_section(*codes: str, title: str = "Бөлүк 1", select: int | None = None) -> Section:
    """A section that names these items."""
    return Section(f"S-{'-'.join(codes)}", title, tuple(Entry(f"r-{code}", code) for code in codes), select=select)


def an_imported_test(
    platform: Platform, actor: Actor, items: Sequence[NewItem] = (), outlines: Mapping[str, Outline] | None = None,
    defaults: Defaults = Defaults("geography", "north"),
) -> int:  # fmt: skip
    """The id of a test that the actor brought in with its items, here two of them."""
    items = items or [new_item(f"T-{n}", subject=defaults.subject, area=defaults.area) for n in (1, 2)]
    outlines = outlines or {"ky": an_outline(a_section(*(item.code for item in items)))}
    with open_work(platform, actor) as work:
        import_id = receive(work, write_qti(items, outlines), defaults)
    run(platform, import_id, lambda _done, _total: None)
    with open_work(platform, actor) as work:
        query = select(func.max(ImportedTest.id)).where(ImportedTest.item_import_id == import_id)
        return work.db.execute(query).scalar_one()
