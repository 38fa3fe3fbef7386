"""Sittings whose answers may be calibrated, as people know them: by title, day, centre and order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server import accounts
from server.core.i18n import language
from server.core.work import Work
from server.delivery.answered import Source, sources


@dataclass(frozen=True)
class Sat:
    """A sitting with how many sessions of it are sealed."""

    sitting_id: int
    title: str
    starts_at: datetime
    zone: str
    order_no: str
    centres: tuple[str, ...]
    n_sealed: int


def sittings_with_answers(work: Work, subject: str) -> list[Sat]:
    """The sittings of a subject that have a sealed session, the newest first."""
    return _named(work, sources(work, subject))


def sittings_named(work: Work, sitting_ids: Sequence[int]) -> list[Sat]:
    """These sittings, the newest first."""
    return _named(work, sources(work, among=sitting_ids))


def _named(work: Work, found: Sequence[Source]) -> list[Sat]:
    ids = sorted({centre_id for each in found for centre_id in each.centre_ids})
    names = {id_: accounts.organisation_of(work, id_).name(language()) for id_ in ids}
    return [
        Sat(each.sitting_id, each.titles[language()], each.starts_at, each.zone, each.order_no,
            tuple(sorted(names[id_] for id_ in each.centre_ids)), each.n_sealed)
        for each in found
    ]  # fmt: skip
