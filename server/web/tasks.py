"""Every kind of task there is, as its pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from itembank.calibrations import jobs as calibrations
from itembank.calibrations.words import running as calibrating
from itembank.forms import service as forms
from itembank.interchange import service as imports
from itembank.rehearsals import service as rehearsals
from server.core.i18n import _, number
from server.core.roles import Role
from server.core.tasks import TaskView
from server.edge.tasks.kinds import Kind, Place
from server.grading import sitting as grading
from server.grading.access import is_whole_country
from server.grading.control import service as control
from server.grading.lists import queued as lists
from server.grading.rescoring import service as rescoring
from server.marking import intake as marking
from server.statements import batch as statements
from server.statements import issuing


def _candidates(task: TaskView) -> str:
    if not task.total:
        return _("It has begun")
    return _("%(done)s of %(total)s candidates", done=number(task.done), total=number(task.total))


def _controlled(task: TaskView) -> str:
    return _candidates(task) if task.stage == "gathering" else _("Answers, times and neighbours are being compared")


def _grading(task: TaskView) -> Place:
    return "grading.overview", {"sitting_id": task.arguments["sitting_id"]}


def _control(task: TaskView) -> Place:
    return "control.overview", {"sitting_id": task.arguments["sitting_id"]}


def _freezing(task: TaskView) -> Place:
    if task.result_id:
        return "lists.page", {"result_list_id": task.result_id, "done": "frozen"}
    return "lists.versions", {"sitting_id": task.arguments["sitting_id"]}


def _releasing(task: TaskView) -> Place:
    done = {"done": "released"} if task.result_id else {}
    return "lists.page", {"result_list_id": task.arguments["list_id"], **done}


def _statements(task: TaskView) -> Place:
    return "statements.final", {"sitting_id": int(task.subject.removeprefix("sitting:"))}


def _issuing(task: TaskView) -> Place:
    done = {"done": "issued"} if task.result_id else {}
    return "statements.final", {"sitting_id": task.arguments["sitting_id"], **done}


def _items(task: TaskView) -> str:
    if not task.total:
        return _("The file is being checked")
    return _("%(done)s of %(total)s items", done=number(task.done), total=number(task.total))


def _rehearsal(task: TaskView) -> Place:
    if task.result_id:
        return "rehearsals.rehearsal", {"rehearsal_id": task.result_id}
    kind, _colon, id_ = task.subject.partition(":")
    page = {"draft": "drafts.draft", "blueprint": "bank.blueprint"}.get(kind, "bank.pool")
    return page, {f"{page.rpartition('.')[2]}_id": int(id_), "_anchor": "rehearsals"}


def _forms(task: TaskView) -> Place:
    if task.result_id:
        return "forms.forms", {"form_set_id": task.result_id}
    return "forms.of_pool", {"pool_id": task.arguments["pool_id"]}


def _calibration(task: TaskView) -> Place:
    return "calibrating.job", {"task_id": task.id}


def _import(task: TaskView) -> Place:
    return "interchange.report", {"import_id": task.arguments["import_id"]}


def _marking(task: TaskView) -> Place:
    return "marking_office.page", {"sitting_id": task.arguments["sitting_id"]}


def _rescoring(task: TaskView) -> Place:
    return "rescoring.run", {"rescoring_id": task.arguments["run_id"]}


BOTH, PSYCHOMETRICIAN = (Role.COMMISSION, Role.PSYCHOMETRICIAN), (Role.PSYCHOMETRICIAN,)
OFFICE = (Role.OFFICE,)
# Of a whole sitting: how many sat it, and that its results are at work, is for the offices of the whole country (CS-5).
of_country = partial(Kind, OFFICE, concerns=is_whole_country)
EVERY: Mapping[str, Kind] = {
    rehearsals.KIND: Kind(BOTH, BOTH, _candidates, _rehearsal),
    forms.KIND: Kind(BOTH, PSYCHOMETRICIAN, lambda _task: _("The forms are being assembled."), _forms),
    calibrations.KIND: Kind(BOTH, PSYCHOMETRICIAN, calibrating, _calibration),
    grading.KIND: of_country(OFFICE, _candidates, _grading),
    control.KIND: of_country(OFFICE, _controlled, _control),
    # Whoever waits for these waits seconds: nobody stops them.
    lists.FREEZING: of_country((), _candidates, _freezing),
    lists.RELEASING: of_country((), _candidates, _releasing),
    issuing.KIND: of_country((), _candidates, _issuing),
    marking.KIND: of_country(OFFICE, _candidates, _marking),
    statements.KIND: Kind(OFFICE, OFFICE, _candidates, _statements, is_private=True),
    # A run is withdrawn on its own page, by the offices of the whole country alone.
    rescoring.EFFECT: of_country((), _candidates, _rescoring),
    rescoring.APPLYING: of_country((), lambda _task: _("The correction is being applied."), _rescoring),
    # Who stops one deletes its file too: that has a button of its own.
    imports.KIND: Kind((Role.WRITER,), (), _items, _import, is_private=True),
}
