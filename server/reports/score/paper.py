"""The score report as PDF; the journal knows who printed it (CS-5)."""

from __future__ import annotations

from server.core.errors import Stale
from server.core.i18n import _, local_time, number, speaking
from server.core.paper import Paper, Printed, press
from server.core.paper.blocks import Block, Facts, Heading, Points, Table, Text
from server.core.paper.foot import checked_foot
from server.core.work import Work
from server.delivery import SessionRef
from server.reports.areas import areas_explained, claim
from server.reports.score.report import ScoreReport, between, score_report

KIND = "score_report"


def print_report(work: Work, session: SessionRef, tongue: str, origin: str) -> Printed:
    """The report in that language; Stale where nothing was told yet."""
    with speaking(tongue):
        report = score_report(work, session)
        if report is None:
            raise Stale("results_not_told")
        printed = press(work.vault, sheet(report, tongue, origin))
    work.record(
        "paper:printed", f"paper:{printed.digest}", clause="CS-5", kind=KIND, language=tongue,
        zone=report.sitting.zone, session=session.id,
    )  # fmt: skip
    return printed


def sheet(report: ScoreReport, tongue: str, origin: str) -> Paper:
    """Who, the decision, each subject with its range, and what the areas tell."""
    sitting = report.sitting
    blocks: list[Block] = [
        Facts((
            (_("Name"), report.ref.name), (_("Registration number"), report.ref.registration_no),
            (_("Sitting"), sitting.titles[tongue]), (_("Start"), local_time(sitting.starts_at, sitting.zone)),
        )),
        Text(report.decision),
        *([Points(report.reasons)] if report.reasons else []),
        Heading(_("Grades by subject")),
        Table(
            (_("Subject"), _("Percent of points"), _("Range"), _("Grade")),
            tuple((each.title, each.percent, between(each.low, each.high), each.grade_title)
                  for each in report.subjects),
            (3, 2, 2, 2),
        ),
        Text(_("With a probability of nine in ten your level lies within the range."), "note"),
    ]  # fmt: skip
    if any(subject.areas for subject in report.subjects):
        blocks += [Heading(_("Strengths by content area")), *map(Text, areas_explained())]
    for subject in report.subjects:
        if subject.areas:
            rows = tuple(
                (each.title, str(each.n_tasks), f"{number(each.percent, 0)} ± {number(each.sd, 0)}", claim(each.ruling))
                for each in subject.areas
            )
            columns = (_("Content area"), _("Tasks"), _("Expected percent"), _("What it tells"))
            blocks += [Heading(subject.title), Table(columns, rows, (3, 0, 0, 3))]
    if report.is_invented:
        warning = _("Percents and grades here rest on invented item parameters. They say nothing about anybody.")
        blocks.append(Text(warning, "note"))
    stamp = int(sitting.starts_at.timestamp())
    head = sitting.edition.title[tongue]
    return Paper(tongue, _("Score report"), head, checked_foot(origin), stamp, tuple(blocks))
