"""The plots of the reports in the reader's language: the grades of a sitting."""

from __future__ import annotations

from collections.abc import Mapping

from server.core.bars import Bar, Bars
from server.core.i18n import _, number
from server.grading.plots import invented


def grade_bars(counts: Mapping[str, Mapping[str, int]], is_invented: bool) -> Bars:
    """How many candidates got each grade: subject title → grade title → number."""
    groups = tuple(
        (title, tuple(Bar(name, n, _figure(n, sum(grades.values()))) for name, n in grades.items()))
        for title, grades in counts.items()
    )
    said = (f"{title}: {', '.join(f'{bar.name} {bar.value:g}' for bar in bars)}." for title, bars in groups)
    title = _("How many candidates have each grade, by subject")
    return Bars("grades", title + invented(is_invented), " ".join(said), groups)


def _figure(n: int, total: int) -> str:
    return f"{number(n)} ({number(100 * n / total if total else 0.0, 1)} %)"
