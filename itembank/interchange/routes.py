"""Items come in as files: the upload, how far it is, the report on each item, and the form that writers fill in."""

from __future__ import annotations

import io
from typing import IO, Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.authoring import beginning
from itembank.interchange import form as empty_form
from itembank.interchange import queries, service
from itembank.interchange.archive import LARGEST_UPLOAD
from itembank.interchange.remarks import Defaults
from itembank.items.content import TIERS
from server.core import tasks
from server.core.errors import Invalid, NotFound
from server.core.i18n import language
from server.core.roles import Role
from server.core.terms import LANGUAGES
from server.edge.guard import allow
from server.edge.work import reading, unit_of_work

bp = Blueprint("interchange", __name__, template_folder="templates")
IMPORT = "/bank/import/<int:import_id>"
PAGE = 100
FORM_FIELDS = 64 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Before the CSRF check reads the form: a package is large, and never lies in clear on a disk.
    if endpoint == "interchange.receive":
        request.max_content_length = LARGEST_UPLOAD + FORM_FIELDS
        request.__dict__["_get_file_stream"] = _in_memory


@bp.get("/bank/import")
@allow(Role.WRITER)
def imports() -> ResponseReturnValue:
    """What may come in, the form for it, and what the reader has brought in so far."""
    return _page(None)


@bp.post("/bank/import")
@allow(Role.WRITER)
def receive() -> ResponseReturnValue:
    """The file is sealed and waits for a worker; what was chosen stays when something is missing."""
    upload = request.files.get("file")
    chosen = {part: request.form.get(part, "") for part in ("subject", "area", "tier", "language")}
    try:
        with unit_of_work() as work:
            import_id = service.receive(work, upload.read() if upload else b"", Defaults(**chosen))
    except Invalid as fault:
        return _page(fault), 422
    return redirect(url_for("interchange.report", import_id=import_id), 303)


@bp.get("/bank/import/form")
@allow(Role.WRITER)
def form() -> ResponseReturnValue:
    """The form of a subject, as a workbook in the reader's language."""
    subject = request.args.get("subject", "")
    with reading() as work:
        if subject not in beginning.subjects(work):
            raise NotFound("not_found")
        areas = beginning.areas(work, subject)
    reply = Response(empty_form(language(), areas), mimetype=XLSX)
    reply.headers.set("Content-Disposition", "attachment", filename=f"{subject}-{language()}.xlsx")
    return reply


@bp.get(IMPORT)
@allow(Role.WRITER)
def report(import_id: int) -> ResponseReturnValue:
    """One import: how far it is, and what became of each item. No word of any item."""
    at = max(0, request.args.get("from", 0, type=int))
    with reading() as work:
        page = queries.import_page(work, import_id, at, PAGE)
    return render_template("bank/import.html", page=page, at=at, most=PAGE)


@bp.post(IMPORT + "/discard")
@allow(Role.WRITER)
def discard(import_id: int) -> ResponseReturnValue:
    """The file is deleted, read or not; drafts that already came of it stay."""
    with unit_of_work() as work:
        queries.own_import(work, import_id)
        task = queries.task_of(work, import_id)
        if task is not None and task.is_open:
            tasks.cancel(work, task.id)
        service.discard(work, import_id)
    return redirect(url_for("interchange.report", import_id=import_id), 303)


def _page(fault: Invalid | None) -> str:
    subject = request.values.get("subject", "")
    with reading() as work:
        known = beginning.subjects(work)
        areas = beginning.areas(work, subject) if subject in known else {}
        rows = queries.own_imports(work)
    return render_template(
        "bank/imports.html", subjects=known, subject=subject if subject in known else "", areas=areas, tiers=TIERS,
        languages=LANGUAGES, rows=rows, fault=fault, typed=request.form,
    )  # fmt: skip


def _in_memory(*_sizes: object, **_names: object) -> IO[bytes]:
    return io.BytesIO()
