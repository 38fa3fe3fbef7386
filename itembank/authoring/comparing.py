"""Two texts of one item side by side: as handed in, as frozen, as it is now. Each one compared has been opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from itembank.authoring import access, places, safe
from itembank.authoring.models import Manuscript
from itembank.authoring.places import Difference
from itembank.authoring.reading import texts_of
from itembank.authoring.waiting import TextRow, text_row
from server.core.errors import NotFound
from server.core.work import Work


@dataclass(frozen=True)
class Choice:
    """A text that can be compared: `name` is `3.1`, the first text handed in of the third manuscript, or `3.now`."""

    name: str
    number: int
    text_number: int | None
    saved_at: datetime
    state: str


@dataclass(frozen=True)
class Comparison:
    """What can be compared, and what was."""

    text: TextRow
    choices: tuple[Choice, ...]
    before: str
    after: str
    differences: tuple[Difference, ...]
    mark: str


def compare(work: Work, manuscript_id: int, before: str, after: str) -> Comparison:
    """The places that read otherwise; without a choice the last two texts."""
    opening = access.opened(work, manuscript_id)
    known = _known(work, opening.manuscript)
    names = [choice.name for choice, _manuscript in known]
    if not {before, after} <= {"", *names}:
        raise NotFound("not_found")
    after = after or names[-1]
    before = before or names[max(0, names.index(after) - 1)]
    items = {name: _item(work, known[names.index(name)]) for name in (before, after)}
    for number in {known[names.index(name)][1].id for name in (before, after)} - {manuscript_id}:
        safe.note_opening(work, access.find(work, number), "differences")
    return Comparison(
        text_row(work, opening.manuscript), tuple(choice for choice, _manuscript in known), before, after,
        tuple(places.differences(items[before], items[after])), opening.mark,
    )  # fmt: skip


def _known(work: Work, manuscript: Manuscript) -> list[tuple[Choice, Manuscript]]:
    """Every text of the item up to this manuscript's that the reader may have before them, oldest first."""
    query = select(Manuscript).where(Manuscript.item_id == manuscript.item_id, Manuscript.number <= manuscript.number)
    found = []
    for each in work.db.execute(query.order_by(Manuscript.number)).scalars():
        if not access.may_read(work, each.id):
            continue
        for row in texts_of(work, each):
            name = f"{each.number}.{row.number}"
            found.append((Choice(name, each.number, row.number, row.saved_at, row.stage), each))
        found.append((Choice(f"{each.number}.now", each.number, None, each.saved_at, each.state), each))
    return found


def _item(work: Work, known: tuple[Choice, Manuscript]) -> Mapping[str, Any]:
    choice, manuscript = known
    if choice.text_number is None:
        return safe.open_document(work, manuscript).item
    row = next(each for each in texts_of(work, manuscript) if each.number == choice.text_number)
    return safe.open_text(work, manuscript, row).item
