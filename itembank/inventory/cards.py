"""Item cards on paper: what an item is, how it does, how it came about, never what it says. Each copy is marked with
the name of who printed it and with the mark of its printing, which the journal has for every item on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select

from itembank.authoring import beginning, history
from itembank.authoring.history import ItemPage, VersionPart
from itembank.authoring.models import Manuscript
from itembank.authoring.safe import new_mark
from itembank.inventory.models import ItemUsage
from itembank.items import words
from itembank.items.models import Item
from server.accounts import staff_names
from server.core.errors import Invalid
from server.core.i18n import ZONE, _, language, local_time, number, speaking
from server.core.paper import Paper, Printed, press
from server.core.paper.blocks import Block, Facts, Heading, NewPage, Points, Table, Text
from server.core.paper.foot import checked_foot
from server.core.roles import Role
from server.core.work import Work

MOST = 20  # more would let the printer wait for seconds
NAMES = (Role.COMMISSION, Role.SECURITY)  # who is told who wrote and moved what


def codes_of(work: Work, manuscript_ids: Collection[int]) -> list[str]:
    """The items of these manuscripts, by code."""
    query = select(Item.code).join(Manuscript, Manuscript.item_id == Item.id).where(Manuscript.id.in_(manuscript_ids))
    return list(work.db.scalars(query.distinct().order_by(Item.code)))


def print_cards(work: Work, codes: Sequence[str], tongue: str, origin: str) -> Printed:
    """The cards as one PDF, each item on a page of its own; every item printed has a line in the journal."""
    if not 1 <= len(codes) <= MOST:
        raise Invalid("cards_number", most=MOST)
    is_told = work.actor.may(*NAMES)
    pages = [history.item_page(work, code, with_openings=False, with_names=is_told) for code in codes]
    mark, name = new_mark(), staff_names(work, [work.actor.id or 0]).get(work.actor.id or 0, work.actor.label)
    with speaking(tongue):
        printed = press(work.vault, _paper(work, pages, f"{name}  {mark}", origin))
    work.record("paper:printed", f"paper:{printed.digest}", kind="item_cards", language=tongue, clause="DC-7",
                zone=ZONE)  # fmt: skip
    for code in codes:
        work.record("card_printed", f"item:{code}", clause="DC-7", purpose="card", mark=mark)
    return printed


def _paper(work: Work, pages: Sequence[ItemPage], mark: str, origin: str) -> Paper:
    blocks: list[Block] = []
    for page in pages:
        blocks += [*([NewPage()] if blocks else []), Heading(page.item.code), *_card(work, page)]
    return Paper(
        language=language(), title=_("Item cards"), head=mark, mark=mark, stamp=int(work.now.timestamp()),
        foot=checked_foot(origin),
        blocks=tuple(blocks),
    )  # fmt: skip


def _card(work: Work, page: ItemPage) -> Iterable[Block]:
    item, newest = page.item, page.parts[0]
    titles = beginning.areas(work, item.subject)
    rows = (
        (_("Subject"), words.subject(item.subject)), (_("Area"), titles.get(item.area, {}).get(language(), item.area)),
        (_("Tier"), words.tier(item.tier)), (_("Type"), words.kind(item.type)), (_("State"), words.state(newest.state)),
        (_("Languages"), words.tongues(newest.languages)), (_("Made anew in"), words.tongues(newest.stale)),
        (_("Family of enemies"), item.family or ""), (_("Passage"), item.passage or ""),
        (_("Times given"), str(_given(work, page))),
    )  # fmt: skip
    if page.withdrawn:
        yield Text(_("It is withdrawn: it is given to nobody until a security officer lifts this."))
    yield Facts(tuple((name, value) for name, value in rows if value))
    if item.is_demonstration:
        yield Text(_("The figures were invented to show the system. They were not estimated from answers and must not "
                     "serve a real test."), "note")  # fmt: skip
    for part in page.parts:
        yield from _part(part)


def _part(part: VersionPart) -> Iterable[Block]:
    version = ", " + _("version %(n)s", n=part.version) if part.version else ""
    author = ", " + _("Written by %(name)s.", name=part.author) if part.author else ""
    yield Text(_("Text %(n)s", n=part.number) + version + author)
    if part.parameters:
        head = (_("Calibration"), _("Discrimination (a)"), _("Difficulty (b)"), _("Guessing (c)"))
        rows = tuple(
            (str(row.run_id), *(_figure(*pair) for pair in ((row.a, row.se_a), (row.b, row.se_b), (row.c, row.se_c))))
            for row in part.parameters
        )
        yield Table(head, rows, (1, 1, 1, 1))
    if part.pools:
        yield Text(_("In pools:") + " " + ", ".join(str(each) for each in part.pools))
    if part.steps:
        yield Points(tuple(
            ", ".join(filter(None, (f"{local_time(each.move.at)}: {words.moved(each.move.verb)}", each.by)))
            for each in part.steps
        ))  # fmt: skip


def _figure(value: float, error: float | None) -> str:
    return number(value, 2) if error is None else f"{number(value, 2)} ± {number(error, 2)}"


def _given(work: Work, page: ItemPage) -> int:
    """How often it was given in all its versions."""
    ids = select(Manuscript.item_version_id).where(Manuscript.item_id == page.item.id)
    return sum(work.db.scalars(select(ItemUsage.n_given).where(ItemUsage.item_version_id.in_(ids))))
