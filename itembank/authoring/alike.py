"""Who is told of items that say nearly the same, and how much (DC-7): a text must not be a key that tries the bank.
Who writes is told of others' items at a hand-in alone, that there are some; who judges is told which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from itembank.authoring import access, likeness
from itembank.authoring.four_eyes import Purpose
from itembank.authoring.likeness import Alike
from itembank.authoring.models import Manuscript, ManuscriptText
from itembank.items.models import Item
from server.core.journal import last_acts
from server.core.work import Work

ASKED = "likeness_asked"
MOST_A_DAY = 20  # hand-ins of one author that are answered; each is a text that somebody then reads
DAY = timedelta(days=1)
WRITABLE = ("draft", "language_review")  # where whoever has the text before them may change it


@dataclass(frozen=True)
class Told:
    """Items that are named, and whether there are others that are not."""

    named: tuple[Alike, ...] = ()
    has_others: bool = False


def ask_at_hand_in(work: Work, manuscript: Manuscript) -> None:
    """The journal says which items the text that is handed in says nearly the same as, and whether its author is told.

    Comes after the text was kept: it counts among the texts of the day."""
    others = [each.code for each in likeness.alike(work, manuscript) if not _is_readable(work, each)]
    kept = select(func.count()).where(
        ManuscriptText.saved_by == work.actor.label, ManuscriptText.saved_at > work.now - DAY,
        ManuscriptText.stage == "content_review",
    )  # fmt: skip
    is_told = work.db.execute(kept).scalar_one() <= MOST_A_DAY
    work.record(ASKED, _subject(work, manuscript), clause="DC-7", manuscript_id=manuscript.id, items=others,
                is_told=is_told)  # fmt: skip


def told(work: Work, manuscript: Manuscript, purpose: Purpose) -> Told:
    """What the actor, who has the text before them for that, is told of items like it."""
    if purpose != "author" and manuscript.state not in WRITABLE:
        return Told(tuple(likeness.alike(work, manuscript)))
    own = tuple(each for each in likeness.alike(work, manuscript) if _is_readable(work, each))
    return Told(own, purpose == "author" and manuscript.state != "draft" and _was_told(work, manuscript))


def _was_told(work: Work, manuscript: Manuscript) -> bool:
    asked = last_acts(work.db, _subject(work, manuscript), ASKED, work.actor.label, since=None, most=1)
    return any(each.facts["is_told"] and each.facts["items"] for each in asked)


def _is_readable(work: Work, found: Alike) -> bool:
    """Whether the actor may have any text of that item before them, and so learns nothing by its name."""
    query = select(Manuscript.id).join(Item, Item.id == Manuscript.item_id).where(Item.code == found.code)
    return any(access.may_read(work, each) for each in work.db.scalars(query))


def _subject(work: Work, manuscript: Manuscript) -> str:
    return f"item:{work.db.get_one(Item, manuscript.item_id).code}"
