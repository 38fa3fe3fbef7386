"""The lists of an outcome as tables: for a workbook and for the paper."""

from __future__ import annotations

from collections.abc import Sequence

from server.core.i18n import _, local_time, number
from server.core.tables import Grid
from server.grading.lists.standing import Row
from server.reports.outcome.lists import Outcome


def grids(outcome: Outcome, grades: Sequence[str], zone: str) -> list[Grid]:
    """Each list as a table, also where nobody stands on it."""
    who = (_("Registration number"), _("Name"), _("School"))
    failing = [
        [*_who(each.row), ", ".join(each.subjects),
         "; ".join(f"{local_time(told.recorded_at, zone)}: {told.how}" for told in each.told) or _("not yet")]
        for each in outcome.failing
    ]  # fmt: skip
    absent = [[*_who(row), _("valid reason on record") if is_excused else _("no reason on record")]
              for row, is_excused in outcome.absent]  # fmt: skip
    away = [[*_who(each.row), f"{local_time(each.at, zone)}: {why_away(is_refused=each.is_refused)}"]
            for each in outcome.not_admitted]  # fmt: skip
    return [
        Grid(_("Progress"), (_("Subject"), _("Graded"), _("Mean percent"), *grades), _progress(outcome)),
        Grid(_("Failing"), (*who, _("Subjects"), _("Parents told")), failing),
        Grid(_("Low grades only"), who, [_who(row) for row in outcome.low_only]),
        Grid(_("Not admitted"), (*who, _("Reason")), away),
        Grid(_("Those absent"), (*who, _("Reason")), absent),
        Grid(_("Those removed"), who, [_who(row) for row in outcome.removed]),
    ]


def persons(lists: Sequence[Grid]) -> Grid:
    """Everybody on a list in one table: which list, who, and what stands beside them there."""
    head = (_("List"), _("Registration number"), _("Name"), _("School"), _("Remark"))
    rows = [[each.name, *row[:3], "; ".join(map(str, row[3:]))] for each in lists[1:] for row in each.rows]
    return Grid(_("Outcome"), head, rows)


def why_away(*, is_refused: bool) -> str:
    """Why somebody who came was not let in."""
    return _("refused at the desk") if is_refused else _("checked at the desk, and not let in")


def _who(row: Row) -> list[str]:
    return [row.registration_no, row.name, row.school]


def _progress(outcome: Outcome) -> list[list[str]]:
    return [
        [title, str(each.n), "–" if each.mean is None else number(each.mean, 1),
         *(f"{number(100 * share, 1)} %" for share in each.shares)]
        for title, each in outcome.progress
    ]  # fmt: skip
