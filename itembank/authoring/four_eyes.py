"""Who may read and judge what in the bank, and by when; pure, for every page and command alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["content", "language"]
Purpose = Literal["author", "review", "commission"]

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


def may_review(author_id: int | None, writers: Collection[int], staff_id: int) -> bool:
    """Four eyes: nobody reviews what they wrote themselves, as its author or by a hand in its text."""
    return staff_id != author_id and staff_id not in writers


def least_busy(able: Sequence[int], open_reviews: Mapping[int, int]) -> int | None:
    """Who of those who may has the fewest readings before them; the first named on a tie, None if there is nobody."""
    return min(able, key=lambda staff_id: open_reviews.get(staff_id, 0), default=None)


def due_on(kind: Kind, today: date) -> date:
    """The day by which a reading that is asked for today is to be done."""
    return today + timedelta(days=DUE_DAYS[kind])


def awaited(languages: Collection[str], passed: Collection[str], stale: Collection[str]) -> list[str]:
    """The languages that still have to pass before the text can be frozen; a stale one has to pass again."""
    return sorted(set(languages) - set(passed) | set(languages) & set(stale))


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
