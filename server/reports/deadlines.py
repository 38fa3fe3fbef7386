"""The office's page of deadlines: what every feature says is due, gathered; each feature judges its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from server.appeals.deadlines import deadlines as of_appeals
from server.core.deadlines import Deadline, State, in_order
from server.core.i18n import _
from server.core.work import Work
from server.grading.access import is_whole_country
from server.grading.cases.deadlines import deadlines as of_cases
from server.marking.deadlines import deadlines as of_marking
from server.reports.sittings import sitting_rows
from server.statements.deadlines import deadlines as of_approved


@dataclass(frozen=True)
class Row:
    """A deadline in words: what is due, where it is done, how it stands."""

    what: str
    deadline: Deadline
    state: State


def of_results(work: Work) -> list[Deadline]:
    """By when the results of each sitting must have gone out to the departments (DC-22)."""
    if not is_whole_country(work):
        return []
    return [
        Deadline("results", row.title, f"/office/sittings/{row.ref.id}", "DC-22", row.due_at, row.released_at,
                 row.ref.zone)
        for row in sitting_rows(work) if not row.ref.is_released_at_once and row.counts.all
    ]  # fmt: skip


# A feature with deadlines of its own adds how they are asked for.
SOURCES: tuple[Callable[[Work], list[Deadline]], ...] = (of_marking, of_results, of_cases, of_appeals, of_approved)


def rows(work: Work) -> list[Row]:
    """Every deadline that concerns the actor's office, what is overdue first."""
    said = words()
    found = [each for source in SOURCES for each in source(work)]
    return [Row(said[each.kind], each, state) for each, state in in_order(found, work.now)]


def words() -> Mapping[str, str]:
    """What is due, by the kind of its deadline."""
    return {
        "case_decision": _("Decision in a case"),
        "additional_notice": _("Additional test to be made known"),
        "extended_term": _("Test within the extended term"),
        "marking": _("Written work to be marked"),
        "results": _("Results to the departments"),
        "appeal_window": _("Appeals may be filed"),
        "appeal_admitted": _("Appeal to be admitted or refused"),
        "appeal_decided": _("Appeal to be decided"),
        "appeal_told": _("Appellant to be told"),
        "appeal_list": _("Final list of the appeals"),
        "final_notice": _("Approved results to schools, candidates and parents"),
    }


def states() -> Mapping[State, tuple[str, str]]:
    """Each state in words, with the colour of its tag."""
    return {
        "overdue": (_("Overdue"), "red"), "soon": (_("Due soon"), "yellow"), "open": (_("Not due yet"), "blue"),
        "done_late": (_("Done late"), "orange"), "done": (_("Done"), "green"),
    }  # fmt: skip
