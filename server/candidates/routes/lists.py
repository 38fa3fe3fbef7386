"""Pages of admission lists: hand one in, see its faults or certify it, add photographs (DC-9)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from server import accounts
from server.candidates import held, photos, queries, service
from server.candidates.admission_list import Reading
from server.candidates.columns import COLUMNS
from server.candidates.policy import ListPolicy
from server.candidates.queries import AdmissionListRef, ProgrammeRef
from server.candidates.service import FaultyList
from server.candidates.wording import view_of
from server.core.errors import Invalid, NotFound
from server.core.i18n import language
from server.core.roles import Role
from server.core.terms import typed_page
from server.core.work import Work
from server.edge.guard import actor, allow
from server.edge.ids import row_id
from server.edge.work import platform, reading, unit_of_work

bp = Blueprint("candidates", __name__, template_folder="../templates")
SHOWN_FAULTS = 500
SHOWN_ROWS = 50
PAGE = 200
HELD_BYTES = 12 * 1024 * 1024
PHOTOS_BYTES = 64 * 1024 * 1024


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, object] | None) -> None:
    # Before the CSRF check reads the form: a held list and a set of photographs are larger than other forms.
    if endpoint == "candidates.certify":
        request.max_form_memory_size = request.max_content_length = HELD_BYTES
    elif endpoint == "candidates.add_photos":
        request.max_content_length = PHOTOS_BYTES


@bp.get("/centre/lists")
@allow(Role.CENTRE)
def lists() -> ResponseReturnValue:
    """The lists this organisation certified, and the form for a new one."""
    return _index(None)


@bp.post("/centre/lists")
@allow(Role.CENTRE)
def check() -> ResponseReturnValue:
    """A preview of the list that may be certified, or the table of its faults; nothing is written."""
    programme_id = request.form.get("programme", type=row_id)
    upload = request.files.get("list")
    content = _bytes_of(upload) if upload else b""
    if programme_id is None or upload is None or not upload.filename:
        missing = "list_programme_missing" if programme_id is None else "list_file_missing"
        return _index(programme_id, missing), 422
    return _checked(programme_id, upload.filename, content)


@bp.post("/centre/lists/certify")
@allow(Role.CENTRE)
def certify() -> ResponseReturnValue:
    """The list that was previewed is certified, or shown with what has become wrong meanwhile."""
    programme_id = request.form.get("programme", 0, type=row_id)
    file_name = request.form.get("file_name", "")
    try:
        content = held.release(platform().vault, _place(programme_id), request.form.get("held", ""))
        if request.form.get("is_checked") != "yes":
            return _checked(programme_id, file_name, content, "list_not_confirmed")
        with unit_of_work() as work:
            made = service.certify_admission_list(
                work, programme_id=programme_id, file_name=file_name, content=content
            )
    except FaultyList as error:
        with reading() as work:
            return _faulty(work, programme_id, file_name, error.reading), 422
    except Invalid as error:
        return _index(programme_id, error.code), 422
    return redirect(url_for("candidates.show", list_id=made.id, certified=1), 303)


@bp.get("/centre/lists/<int:list_id>")
@allow(Role.CENTRE)
def show(list_id: int) -> ResponseReturnValue:
    """Who was registered by a list, and whether its seal holds."""
    return _list_page(list_id)


@bp.post("/centre/lists/<int:list_id>/photos")
@allow(Role.CENTRE)
def add_photos(list_id: int) -> ResponseReturnValue:
    """Each picture whose name is a registration number or stands in the list is now that candidate's."""
    outcomes = []
    for upload in request.files.getlist("photos"):
        if upload.filename:
            outcomes.append(_add_photo(list_id, upload.filename, _bytes_of(upload)))
    is_bad = not outcomes or any(outcome.code for outcome in outcomes)
    return _list_page(list_id, outcomes), 422 if is_bad else 200


@bp.get("/centre/lists/template.csv")
@allow(Role.CENTRE)
def template() -> ResponseReturnValue:
    """An empty list with the headers in the reader's language, as spreadsheets open it."""
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=";", lineterminator="\r\n").writerow(c.title(language()) for c in COLUMNS)
    reply = Response(sheet.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    reply.headers["Content-Disposition"] = f'attachment; filename="admission-list-{language()}.csv"'
    return reply


@dataclass(frozen=True)
class PhotoOutcome:
    """What became of one uploaded picture; no code means that it was kept."""

    file_name: str
    code: str
    facts: dict[str, object]


def _bytes_of(upload: FileStorage) -> bytes:
    with upload.stream as stream:  # a large upload is a temporary file, to be gone with the request
        return bytes(stream.read())


def _add_photo(list_id: int, file_name: str, content: bytes) -> PhotoOutcome:
    try:
        with unit_of_work() as work:  # each on its own: one bad picture does not undo the others
            _own(work, list_id)
            owner = photos.photo_owners(work, list_id).get(photos.stem(file_name))
            if owner is None:
                return PhotoOutcome(file_name, "photo_of_nobody", {})
            photos.set_photo(work, owner, content)
    except Invalid as error:
        return PhotoOutcome(file_name, error.code, error.facts)
    return PhotoOutcome(file_name, "", {})


def _index(programme_id: int | None, fault: str = "") -> str:
    with reading() as work:
        known = queries.programmes(work)
        mine = queries.admission_lists(work, _organisation())
        titles = {each.id: each.title(language()) for each in known}
        zones = {each.id: each.edition.zone.key for each in known}
    return render_template(
        "candidates/lists.html", programmes=titles, chosen=programme_id, lists=mine, fault=fault,
        columns=COLUMNS, zones=zones,
    )


def _faulty(work: Work, programme_id: int, file_name: str, found: Reading) -> str:
    programmes = {each.id: each.title(language()) for each in queries.programmes(work)}
    return render_template(
        "candidates/faults.html", programmes=programmes, chosen=programme_id, file_name=file_name,
        faults=[view_of(each) for each in found.faults[:SHOWN_FAULTS]], n_faults=len(found.faults),
        n_good=len(found.rows),
    )


def _checked(programme_id: int, file_name: str, content: bytes, fault: str = "") -> ResponseReturnValue:
    with reading() as work:
        found = service.check_admission_list(work, programme_id, content)
        if found.faults:
            return _faulty(work, programme_id, file_name, found), 422
        page = _preview(work, programme_id, file_name, found)
        box = held.hold(work.vault, _place(programme_id), content)
    return render_template("candidates/preview.html", **page, held=box, fault=fault), 422 if fault else 200


def _preview(work: Work, programme_id: int, file_name: str, found: Reading) -> dict[str, object]:
    programme = queries.programme_ref(work, programme_id)
    by_language: dict[str, int] = {}
    for row in found.rows:
        by_language[row.language] = by_language.get(row.language, 0) + 1
    organisation = accounts.organisation_of(work, _organisation()).name(language())
    return {
        "programme": programme, "file_name": file_name, "rows": found.rows[:SHOWN_ROWS],
        "n_rows": len(found.rows), "by_language": by_language, "titles": _titles(programme),
        "organisation": organisation,
    }


def _list_page(list_id: int, outcomes: list[PhotoOutcome] | None = None) -> str:
    page = typed_page(request.args.get("page", ""))
    with reading() as work:
        certified = _own(work, list_id)
        programme = queries.programme_ref(work, certified.programme_id)
        rows = queries.registrations_of(work, certified.programme_id, list_id)
        is_whole = service.verify_admission_list(work, list_id)
        names = accounts.staff_names(work, [certified.certified_by])
    return render_template(
        "candidates/list.html", list=certified, programme=programme, is_whole=is_whole, page=page,
        certified_by=names.get(certified.certified_by, ""), outcomes=outcomes, titles=_titles(programme),
        rows=rows[(page - 1) * PAGE : page * PAGE], n_pages=max(-(-len(rows) // PAGE), 1),
        zone=programme.edition.zone.key, n_photos=sum(row.has_photo for row in rows), n_rows=len(rows),
    )


def _own(work: Work, list_id: int) -> AdmissionListRef:
    certified = queries.admission_list(work, list_id)
    if certified.centre_id != actor().organisation_id:
        raise NotFound("admission_list_unknown")  # nor may others know that it exists
    return certified


def _organisation() -> int:
    organisation_id = actor().organisation_id
    if organisation_id is None:
        raise ValueError("staff without an organisation")
    return organisation_id


def _titles(programme: ProgrammeRef) -> dict[str, str]:
    """Titles of subjects, languages and documents by their codes, in the reader's language."""
    policy = ListPolicy.of(programme.edition, programme.subjects)
    entries = (*policy.subjects.subjects, *policy.languages.languages, *policy.documents)
    return {entry.code: entry.title(language()) for entry in entries}


def _place(programme_id: int) -> str:
    present = actor()
    return f"{present.id}:{present.organisation_id}:{programme_id}"
