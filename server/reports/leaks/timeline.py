"""How many people had seen one of the leaked items by when: staff and candidates, in days from the leak, as plots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from server.core.charts import Chart, Mark, Series
from server.core.i18n import _, number
from server.reports.leaks.knowing import Sight
from server.reports.leaks.meeting import Met

DAY_S = 86_400
MOST_POINTS = 400


def plots(seen: Sequence[Sight], met: Sequence[Met], leaked_at: datetime | None) -> list[Chart]:
    """One plot of the staff and one of the candidates, as far as there were any."""
    start = leaked_at or min([*(each.at for each in seen), *(each.at for each in met)], default=None)
    if start is None:
        return []
    staff = _cumulated(((each.at, each.actor) for each in seen), start)
    candidates = _cumulated(((each.at, str(each.session_id)) for each in met if each.is_reached), start)
    named = (
        ("leak-staff", _("Staff who had seen at least one of the items"), staff),
        ("leak-candidates", _("Candidates who had been given at least one of the items"), candidates),
    )
    return [_plot(name, title, path, is_leak=leaked_at is not None) for name, title, path in named if path]


def _cumulated(events: Iterable[tuple[datetime, str]], start: datetime) -> list[tuple[float, float]]:
    """(days, people so far) at each time another one saw an item; steps, so that nothing is between."""
    known: set[str] = set()
    path: list[tuple[float, float]] = []
    for at, who in sorted(events):
        if who not in known:
            day = (at - start).total_seconds() / DAY_S
            path += [(day, float(len(known))), (day, float(len(known) + 1))]
            known.add(who)
    return path[:: max(1, len(path) // MOST_POINTS)] + path[-1:]


def _plot(name: str, title: str, path: Sequence[tuple[float, float]], *, is_leak: bool) -> Chart:
    days, people = zip(*path, strict=True)
    marks = (Mark("x", 0.0, _("the leak")),) if is_leak else ()
    label = _("Days from the leak") if is_leak else _("Days from the first time")
    said = _("%(n)s people, the first after %(first)s days, the last after %(last)s days. The table has each of them.",
             n=number(people[-1]), first=number(days[0], 1), last=number(days[-1], 1))  # fmt: skip
    return Chart(name, title, said, label, _("People"), (Series(title, days, people),), marks, y_bounds=(0, people[-1]))
