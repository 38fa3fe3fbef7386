"""A reader's verdict with its list: a text passes when every point of the list was confirmed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from itembank.authoring import reviewing
from itembank.authoring.four_eyes import CHECKS, Kind, unchecked
from itembank.authoring.models import Review
from server.core.errors import Invalid, NotFound
from server.core.work import Work

KINDS: dict[str, Kind] = {"content": "content", "language": "language"}


@dataclass(frozen=True)
class Judgement:
    """What a reader says of a text: `verdict` pass or return, the points confirmed, the reason of a return."""

    verdict: str
    checked: Collection[str] = ()
    reason: str = ""


def judge(work: Work, review_id: int, revision: int, said: Judgement) -> None:
    """The reading is done: passed with the whole list confirmed, or returned with the reason."""
    review = work.db.get(Review, review_id)
    if review is None or review.reviewer_id != work.actor.id:
        raise NotFound("not_found")
    kind = KINDS[review.kind]
    if said.verdict == "pass":
        if unchecked(kind, said.checked):
            raise Invalid("review_unchecked")
        reviewing.pass_review(work, review_id, revision)
    elif said.verdict == "return":
        reviewing.return_review(work, review_id, revision, said.reason)
    else:
        raise Invalid("review_verdict")
    review.checked = [each for each in CHECKS[kind] if each in said.checked]
