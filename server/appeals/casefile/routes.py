"""The pages of the case file: the whole attempt, one task of it, its picture and recording, and all of it on paper.
What cannot be journalled is not shown: each page is made in the unit of work that writes its line."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from itembank.authoring.html import of_tree
from itembank.items.formula import Tree
from itembank.items.service import open_media
from server.appeals.casefile import opening, page, paper, telling
from server.appeals.casefile.plots import percent_plot
from server.appeals.words import instructions
from server.core.errors import NotFound
from server.core.i18n import language
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.hashes import origin
from server.edge.papers import as_pdf, tongue
from server.edge.work import unit_of_work
from server.grading import words
from server.grading.queries import percent_text

bp = Blueprint("casefile", __name__, url_prefix="/appeals/<int:appeal_id>/file", template_folder="templates")

# A picture opened by itself is a document of its own: it may run nothing, fetch nothing, and belongs to no site.
ALONE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}


@bp.get("")
@allow(Role.APPEALS)
def file(appeal_id: int) -> ResponseReturnValue:
    """The whole attempt: whether it comes out equal to the bit, the way of the score, every task."""
    with unit_of_work() as work:
        found = opening.open_file(work, appeal_id)
    return render_template(
        "casefile/file.html", opened=found, file=found.file, plot=percent_plot(found.file),
        titles=page.titles_of(found.file), percent_text=percent_text,
        materials=page.materials(), instructions=instructions(found.file.edition, found.file.subject),
        ends=telling.ends(), outcomes=words.outcomes(), compared=words.differences(),
        holds=words.holds(), grades=found.file.policy.grade_titles(language()),
        subject=found.file.policy.subject_titles(language())[found.file.subject],
    )  # fmt: skip


@bp.get("/<int:seq>")
@allow(Role.APPEALS)
def task(appeal_id: int, seq: int) -> ResponseReturnValue:
    """One task as its candidate had it before them, what they answered, and why the engine gave it."""
    with unit_of_work() as work:
        found, row = opening.open_task(work, appeal_id, seq)
    shown = page.task_page(found, row)

    def rich(tree: Tree) -> Markup:
        return of_tree(tree, lambda name: _figure(appeal_id, seq, shown, name))

    return render_template(
        "casefile/task.html", opened=found, file=found.file, page=shown, rich=rich,
        outcomes=words.outcomes(), compared=words.differences(), holds=words.holds(),
        subject=found.file.policy.subject_titles(language())[found.file.subject],
    )  # fmt: skip


@bp.get("/<int:seq>/figures/<name>")
@allow(Role.APPEALS)
def figure(appeal_id: int, seq: int, name: str) -> ResponseReturnValue:
    """A picture of a task that is open before the reader."""
    with unit_of_work() as work:
        found, row = opening.seen_task(work, appeal_id, seq)
        known = found.file.bench.content(row.step.item_index).figure(found.file.section.language, name)
        if known is None:
            raise NotFound("not_found")
        data = open_media(work, row.step.item_version_id, name)
    return Response(data, mimetype=known["type"], headers=ALONE)


@bp.get("/<int:seq>/recording")
@allow(Role.APPEALS)
def recording(appeal_id: int, seq: int) -> ResponseReturnValue:
    """The recording of a task that is open before the reader; the commission may hear it as often as it must."""
    with unit_of_work() as work:
        found, row = opening.seen_task(work, appeal_id, seq)
        known = found.file.bench.content(row.step.item_index).recording(found.file.section.language)
        if known is None:
            raise NotFound("not_found")
        data = open_media(work, row.step.item_version_id, known["digest"])
    return Response(data, mimetype=known["type"], headers=ALONE)


@bp.post("/paper")
@allow(Role.APPEALS)
def on_paper(appeal_id: int) -> ResponseReturnValue:
    """The file on paper for the hearing, marked with who printed it."""
    with unit_of_work() as work:
        printed = paper.print_file(work, appeal_id, tongue(), origin())
    return as_pdf(printed, "case-file")


def _figure(appeal_id: int, seq: int, shown: page.TaskPage, name: str) -> tuple[str, str] | None:
    """The address of a figure and what it shows."""
    known = None if shown.shown is None else shown.shown.figures.get(name)
    if known is None:
        return None
    return url_for("casefile.figure", appeal_id=appeal_id, seq=seq, name=known["digest"]), known[
        "alternative"
    ]
