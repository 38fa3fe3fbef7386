"""Who may read and judge what in the bank, and by when; pure, for every page and command alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["content", "language"]
Purpose = Literal["author", "review", "commission"]
Bar = Literal["author", "hand", "content"]

DUE_DAYS: Mapping[str, int] = {"content": 7, "language": 5}


@dataclass(frozen=True)
class Concern:
    """Whom a manuscript concerns: its author, those who have yet to review it, the commission that has it before it."""

    author_id: int | None
    reviewer_ids: frozenset[int] = frozenset()
    member_ids: frozenset[int] = frozenset()


def purpose_of(concern: Concern, staff_id: int | None) -> Purpose | None:
    """What a staff member needs the content for; None if they need not know it (DC-7)."""
    if staff_id is None:
        return None
    if staff_id == concern.author_id:
        return "author"
    if staff_id in concern.reviewer_ids:
        return "review"
    return "commission" if staff_id in concern.member_ids else None


@dataclass(frozen=True)
class Past:
    """What bears on who may read a text: the authors of every version of its item, and who changed what is read
    since anybody else read it (`unread`). Of a language also who passed the content, and who reads each of the other
    languages; None where nobody is named yet."""

    author_ids: frozenset[int]
    hand_ids: frozenset[int]
    content_reader_id: int | None = None
    other_reader_ids: tuple[int | None, ...] = ()


def bar(kind: Kind, past: Past, staff_id: int) -> Bar | None:
    """Why somebody may not do a reading; None if they may.

    Nobody reads what they wrote, in this version or an earlier one, nor what they changed last; and who passed the
    content leaves at least one language to somebody else: three people have had every text that is frozen."""
    if staff_id in past.author_ids:
        return "author"
    if staff_id in past.hand_ids:
        return "hand"
    if kind == "language" and staff_id == past.content_reader_id:
        return "content" if all(each == staff_id for each in past.other_reader_ids) else None
    return None


def unread(hands: Sequence[tuple[int, int]], finished: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Who changed a language last, and everybody whose change nobody else has read through since.

    Both are pairs of a person and a reading, oldest first: who changed words in which one, and who finished which."""
    last = dict(hands)
    alone = {id_ for id_, at in last.items() if not any(who != id_ and done >= at for who, done in finished)}
    return frozenset(alone | {id_ for id_, _at in hands[-1:]})


def least_busy(able: Sequence[int], open_reviews: Mapping[int, int]) -> int | None:
    """Who of those who may has the fewest readings before them; the first named on a tie, None if there is nobody."""
    return min(able, key=lambda staff_id: open_reviews.get(staff_id, 0), default=None)


def due_on(kind: Kind, today: date) -> date:
    """The day by which a reading that is asked for today is to be done."""
    return today + timedelta(days=DUE_DAYS[kind])


def awaited(languages: Collection[str], passed: Collection[str]) -> list[str]:
    """The languages that still have to pass before the text can be frozen."""
    return sorted(set(languages) - set(passed))


def at_commission(state: str, item_type: str) -> bool:
    """Whether the commission decides on it next: it is calibrated, or a written task, which is not."""
    return state == "calibrated" or (state == "pretest" and item_type == "extended_text")


# What a reader confirms before a text passes, by the kind of reading.
CHECKS: Mapping[str, tuple[str, ...]] = {
    "content": ("one_right", "tier", "area", "bias", "wording"),
    "language": ("meaning", "norm", "terms", "length"),
}


def unchecked(kind: Kind, checked: Collection[str]) -> list[str]:
    """The points of the list that the reader has not confirmed."""
    return [each for each in CHECKS[kind] if each not in checked]
