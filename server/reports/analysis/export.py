"""The results of a circle as a table: one row a candidate, as the newest released list has them."""

from __future__ import annotations

from decimal import Decimal

from server import accounts
from server.accounts.queries import departments_of
from server.core.i18n import _, language, local_time
from server.core.tables import Grid
from server.core.work import Work
from server.core.workbook import Cell
from server.delivery import SittingRef
from server.grading.policy import Policy
from server.grading.queries import short_reasons
from server.reports import words
from server.reports.analysis.told import Told


def results(work: Work, sitting: SittingRef, policy: Policy, told: Told) -> Grid:
    """The rows in the order of the registration numbers; percents as the edition rounded them."""
    subjects, titles = policy.subject_titles(language()), policy.grade_titles(language())
    places = {row.centre_id for row in told.rows}
    centres = {id_: accounts.organisation_of(work, id_).name(language()) for id_ in places}
    departments = departments_of(work, places)
    names = {id_: accounts.organisation_of(work, id_).name(language()) for id_ in set(departments.values())}
    states = words.states()
    head = [_("Registration number"), _("Name"), _("School"), _("District or city"), _("Test centre"), _("State")]
    for subject in sitting.subjects:
        named = {"subject": subjects[subject]}
        head += [_("%(subject)s, percent", **named), _("%(subject)s, grade", **named)]
    head += [_("Right to the certificate"), _("Reasons")]
    rows = []
    for row in told.rows:
        grades = {each["subject"]: each for each in row.grades}
        department = names.get(departments.get(row.centre_id, 0), "")
        cells: list[Cell] = [row.registration_no, row.name, row.school, department, centres[row.centre_id],
                             str(states[row.state])]  # fmt: skip
        for subject in sitting.subjects:
            grade = grades.get(subject)
            cells += [Decimal(grade["percent"]), titles[grade["grade"]]] if grade else ["", ""]
        reasons = "; ".join(short_reasons(policy, {"facts": {"reasons": row.reasons}}))
        rows.append([*cells, _right(row.is_eligible, row.hold), reasons])
    title = local_time(sitting.starts_at, sitting.zone, "y-MM-dd")
    return Grid(title, head, rows)


def _right(is_eligible: bool | None, hold: str | None) -> str:
    if is_eligible is None:
        return str(_("Held")) if hold else ""
    return str(_("Confirmed") if is_eligible else _("Not confirmed"))
