"""A whole test as an export: a linear form of a pool, or a test that came with a package; a form also on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import func, select

from itembank.forms.outlines import Composed, composed, outlines_of, title_of
from itembank.forms.paper import booklet, key_sheet
from itembank.interchange.outline import Entry, Outline, Section
from itembank.items.models import ItemVersion
from itembank.outlines.queries import Known, outline
from server.core.errors import Invalid, NotFound
from server.core.i18n import _
from server.core.work import Work

FORM, IMPORTED = "exam_form", "imported_test"
MOST_COPIES = 20  # they are set while the file is taken: a room full, in a moment
Paper = Callable[[Work, Composed, str, int, str], bytes]
PAPERS: Mapping[str, Paper] = {"booklet": booklet, "key": key_sheet}


@dataclass(frozen=True)
class Terms:
    """Which test is asked for (`exam_form:7`), and on paper in which language and how many copies."""

    test: str
    language: str = ""
    copies: int = 1

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


@dataclass(frozen=True)
class Asked:
    """A test that can be asked for: its title, languages, item versions in their order, and the form it is, if one."""

    title: str
    languages: tuple[str, ...]
    version_ids: tuple[int, ...]
    form: Composed | None
    outlines: Mapping[str, Outline]

    @property
    def formats(self) -> tuple[str, ...]:
        """What it can be asked for as."""
        return ("qti", *PAPERS) if self.form else ("qti",)


def asked(work: Work, test: str) -> Asked:
    """The test of that name; NotFound if there is none, Invalid names items of it that have no frozen version."""
    kind, _colon, number = test.partition(":")
    if not number.isdecimal() or len(number) > 9:
        raise NotFound("not_found")
    if kind == FORM:
        form = composed(work, int(number))
        ids = tuple(place.item_version_id for place in form.places)
        return Asked(form.title(), form.languages, ids, form, outlines_of(form))
    if kind != IMPORTED:
        raise NotFound("not_found")
    known = outline(work, int(number))
    return Asked(known.row.title, known.row.languages, _newest(work, known), None, _in_the_bank(known))


def check(found: Asked, format_: str, terms: Terms) -> None:
    """Invalid unless the test can go out like this."""
    on_paper = format_ in PAPERS
    is_paper_sound = terms.language in found.languages and 1 <= terms.copies <= MOST_COPIES
    if format_ not in found.formats or (on_paper and not is_paper_sound):
        raise Invalid("export_paper", most=MOST_COPIES)


def label(work: Work, terms: Mapping[str, Any]) -> str:
    """What a test is called in the list of exports: of one that was brought in only its number, its title is sealed."""
    kind, _colon, number = str(terms["test"]).partition(":")
    return title_of(work, int(number)) if kind == FORM else _("Test brought in, no. %(n)s", n=number)


def _newest(work: Work, known: Known) -> tuple[int, ...]:
    items = {each.item_id: each.code for each in known.named.values()}
    last = (
        select(ItemVersion.item_id, func.max(ItemVersion.id).label("id"))
        .where(ItemVersion.item_id.in_(list(items)))
        .group_by(ItemVersion.item_id)
    )
    newest: dict[int, int] = {row.item_id: row.id for row in work.db.execute(last)}
    missing = [code for item_id, code in items.items() if item_id not in newest]
    missing += [entry.item or entry.identifier for entry in known.shown.entries() if entry.item not in known.named]
    if missing:
        raise Invalid("outline_unwritten", items=", ".join(sorted(set(missing))[:20]))
    return tuple(dict.fromkeys(newest[known.named[entry.item].item_id] for entry in known.shown.entries()))


def _in_the_bank(known: Known) -> dict[str, Outline]:
    """The outlines with the codes that the items have in the bank."""
    codes = {name: each.code for name, each in known.named.items()}
    return {
        tongue: replace(each, parts=tuple(
            replace(part, sections=tuple(_recoded(section, codes) for section in part.sections))
            for part in each.parts
        ))
        for tongue, each in known.outlines.items()
    }  # fmt: skip


def _recoded(section: Section, codes: Mapping[str, str]) -> Section:
    parts = tuple(
        replace(each, item=codes.get(each.item, each.item)) if isinstance(each, Entry) else _recoded(each, codes)
        for each in section.parts
    )
    return replace(section, parts=parts)
