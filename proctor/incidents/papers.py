"""Incidents and time given back, as the report of a room tells them (DC-12)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from proctor.incidents.queries import incidents
from server import accounts
from server.core.i18n import _, language, ngettext
from server.core.regulation import Edition
from server.core.terms import find
from server.core.work import Work
from server.delivery.rules import LostTimeRule
from server.delivery.service.giving import grants

MINUTE = 60


@dataclass(frozen=True)
class Loss:
    """One line: when, whom it touched, what it was, why, who wrote it."""

    at: datetime
    whom: str
    what: str
    why: str
    who: str


def losses(work: Work, room_sitting_id: int, names: dict[int, str], edition: Edition) -> list[Loss]:
    """What went wrong in the room and what was given back for it, by time."""
    return sorted([*_incidents(work, room_sitting_id, names, edition), *_grants(work, names)], key=lambda x: x.at)


def _incidents(work: Work, room_sitting_id: int, names: dict[int, str], edition: Edition) -> list[Loss]:
    kinds = edition.get("DC-12.lost_time", LostTimeRule).incidents
    lines = []
    for each in incidents(work, room_sitting_id):
        kind = find(kinds, each.kind)
        title = kind.title(language()) if kind else each.kind
        whom = names.get(each.session_id or 0) or _people(each.n_affected)
        begins = _("%(kind)s incident begins", kind=title)
        lines.append(Loss(datetime.fromisoformat(each.began_at), whom, begins, each.text, each.by))
        if each.ended_at is not None:
            over = _("%(kind)s incident is over", kind=title)
            lines.append(Loss(datetime.fromisoformat(each.ended_at), whom, over, each.text, each.by))
    return lines


def _grants(work: Work, names: dict[int, str]) -> list[Loss]:
    given = grants(work, list(names))
    staff = accounts.staff_names(work, {_staff_id(each.given_by) for each in given})
    together: dict[tuple[datetime, str, str, str], Counter[int]] = {}
    for each in given:
        key = (each.given_at, each.act, each.reason, staff.get(_staff_id(each.given_by), each.given_by))
        together.setdefault(key, Counter())[each.session_id] += each.given_s
    lines = []
    for (at, _act, why, who), parts in together.items():
        whom = names[next(iter(parts))] if len(parts) == 1 else _people(len(parts))
        spans = {clock(seconds) for seconds in parts.values()}
        what = _("%(time)s given back", time=", ".join(sorted(spans)))
        lines.append(Loss(at, whom, what, why, who))
    return lines


def clock(seconds: int) -> str:
    """Minutes and seconds as a clock shows them."""
    return f"{seconds // MINUTE}:{seconds % MINUTE:02d}"


def _people(n: int) -> str:
    return ngettext("%(n)s candidate", "%(n)s candidates", n)


def _staff_id(label: str) -> int:
    return int(label.rpartition(":")[2]) if label.startswith("staff:") else 0
