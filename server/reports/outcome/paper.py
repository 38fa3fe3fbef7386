"""The outcome of a session as PDF, to be signed; the journal knows who printed it."""

from __future__ import annotations

from server.core.errors import Invalid
from server.core.i18n import _, language, local_time, speaking
from server.core.paper import Paper, Printed, press
from server.core.paper.blocks import Block, Facts, Heading, Signatures, Table, Text
from server.core.paper.foot import checked_foot
from server.core.work import Work
from server.delivery import SittingRef
from server.grading.lists.papers import MOST_ROWS
from server.grading.policy import Policy
from server.reports.outcome.lists import Outcome
from server.reports.outcome.tables import grids

KIND = "session_outcome"


def print_outcome(work: Work, sitting: SittingRef, outcome: Outcome, tongue: str, origin: str) -> Printed:
    """The outcome in that language; so many lines as can be set."""
    if (n := outcome.longest) > MOST_ROWS:
        raise Invalid("list_paper_too_long", n=n, maximum=MOST_ROWS)
    with speaking(tongue):
        printed = press(work.vault, sheet(sitting, outcome, tongue, origin))
    work.record("paper:printed", f"paper:{printed.digest}", clause="CS-10", kind=KIND, language=tongue,
                zone=sitting.zone, sitting=sitting.id)  # fmt: skip
    return printed


def sheet(sitting: SittingRef, outcome: Outcome, tongue: str, origin: str) -> Paper:
    """What was ready, every list, and the order."""
    ready = outcome.readiness
    blocks: list[Block] = [
        Facts((
            (_("Sitting"), sitting.titles[tongue]), (_("Start"), local_time(sitting.starts_at, sitting.zone)),
            (_("Order"), sitting.order_no), (_("Candidates"), str(ready.candidates)),
            (_("Rooms"), str(ready.rooms)), (_("Seats"), str(ready.seats)),
            (_("Rooms closed"), str(ready.closed)), (_("Proctors on duty"), str(ready.proctors)),
        )),
    ]  # fmt: skip
    for grid in grids(outcome, list(Policy.of(sitting.edition).grade_titles(language()).values()), sitting.zone):
        blocks.append(Heading(grid.name))
        rows = tuple(tuple(map(str, row)) for row in grid.rows)
        blocks.append(Table(tuple(grid.head), rows, (*(0,) * (len(grid.head) - 1), 1)) if rows else Text(_("Nobody.")))
    if outcome.order is not None:
        said = outcome.order
        blocks += [Heading(_("Order No. %(number)s", number=said.order_no)), Text(_("Shortcomings")),
                   Text(said.shortcomings), Text(_("Measures")), Text(said.measures)]  # fmt: skip
    blocks.append(Signatures(((_("Head"), ""),), _("signature, date")))
    stamp = int(sitting.starts_at.timestamp())
    return Paper(tongue, _("Outcome of the session"), sitting.edition.title[tongue], checked_foot(origin), stamp,
                 tuple(blocks), is_wide=True)  # fmt: skip
