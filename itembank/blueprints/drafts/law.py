"""What the regulation in force says of a blueprint: the edition, its subjects, and the cuts of its grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from server.core.regulation import Edition, editions
from server.core.terms import local_day
from server.core.work import Work

SUBJECTS_RULE, CUTS_RULE = "subjects_required", "grade_cuts"


@dataclass(frozen=True)
class Cut:
    """The least percent of a grade (DC-20), and the grade's titles."""

    percent: float
    titles: Mapping[str, str]


@cache
def in_force() -> Edition:
    """The newest edition that is law."""
    return max((each for each in editions() if not each.fictitious), key=lambda each: each.version)


def this_year(work: Work) -> int:
    """The year in the law's time zone."""
    return local_day(work.now, in_force().zone).year


def subjects() -> tuple[str, ...]:
    """The subjects that the edition in force examines."""
    rows = [clause.fields["subjects"] for clause in in_force().clauses.values() if clause.rule == SUBJECTS_RULE]
    return tuple(each["code"] for row in rows for each in row)


def cuts() -> tuple[Cut, ...]:
    """The cuts of the edition in force, rising; the lowest is a pass."""
    rows = [clause.fields["grades"] for clause in in_force().clauses.values() if clause.rule == CUTS_RULE]
    found = [
        Cut(float(each["min_percent"]), {tongue: each[tongue] for tongue in ("ky", "ru", "en")})
        for row in rows for each in row if each["min_percent"] > 0
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda cut: cut.percent))
