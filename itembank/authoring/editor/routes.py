"""The item editor: its page, and what the page asks for. Whom a manuscript does not concern, it does not exist for."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from itembank.authoring import access, safe
from itembank.authoring.editor import preview, queries, service, wire
from itembank.items.figures import read_picture
from itembank.items.formula import FormulaError
from itembank.items.refused import Refusal
from itembank.items.sound import read_sound
from server.core.errors import NotFound
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.work import parse, reading, unit_of_work

bp = Blueprint("manuscripts", __name__, url_prefix="/bank/manuscripts", template_folder="templates")
READERS = (Role.WRITER, Role.REVIEWER, Role.EDITOR, Role.COMMISSION)
# A file opened by itself is a document of its own: it may run nothing, fetch nothing, and belongs to no site.
ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@bp.get("/<int:manuscript_id>")
@allow(*READERS)
def editor(manuscript_id: int) -> ResponseReturnValue:
    """The page; its script asks for the text, and that is the opening."""
    with reading() as work:
        found = access.reading_of(work, manuscript_id)
        page = {"id": found.manuscript.id, "purpose": found.purpose}
    return render_template("editor/manuscript.html", manuscript=page, page_bundle="editor")


@bp.get("/<int:manuscript_id>/text")
@allow(*READERS)
def text(manuscript_id: int) -> ResponseReturnValue:
    """The text; who opened it for what, and under which mark, stands in the journal from here on."""
    with unit_of_work() as work:
        opened = queries.open_manuscript(work, manuscript_id)
    return opened.model_dump(mode="json")


@bp.post("/<int:manuscript_id>/text")
@allow(Role.WRITER, Role.EDITOR)
def save(manuscript_id: int) -> ResponseReturnValue:
    """What was typed is kept, if nobody kept another text meanwhile."""
    ask = parse(wire.Save)
    with unit_of_work() as work:
        saved = service.save(work, manuscript_id, ask)
    return saved.model_dump(mode="json")


@bp.post("/<int:manuscript_id>/look")
@allow(*READERS)
def look(manuscript_id: int) -> ResponseReturnValue:
    """What candidates would see of the text as it stands in the page, and what is to be remarked of it."""
    ask = parse(wire.Look)
    with reading() as work:
        looks = queries.looks_of(work, manuscript_id, ask)
    return looks.model_dump(mode="json")


@bp.post("/<int:manuscript_id>/formula")
@allow(*READERS)
def formula(manuscript_id: int) -> ResponseReturnValue:
    """A formula while it is typed: as it is shown, and what would be said for it."""
    ask = parse(wire.AskFormula)
    with reading() as work:
        access.reading_of(work, manuscript_id)
    try:
        tree, spoken = preview.formula_looks(ask.latex, ask.language)
    except FormulaError as error:
        return wire.FormulaLooks(content=None, spoken="", problem=error.reason).model_dump(mode="json")
    return wire.FormulaLooks(content=tree, spoken=spoken, problem=None).model_dump(mode="json")


@bp.post("/<int:manuscript_id>/files")
@allow(Role.WRITER)
def add_file(manuscript_id: int) -> ResponseReturnValue:
    """A picture or a recording is among the manuscript's files."""
    with unit_of_work() as work:
        kept = service.add_file(work, manuscript_id, request.get_data())
    return kept.model_dump(mode="json")


@bp.get("/<int:manuscript_id>/files/<name>")
@allow(*READERS)
def file(manuscript_id: int, name: str) -> ResponseReturnValue:
    """A file of a manuscript that is open before the reader."""
    with reading() as work:
        manuscript = access.seen(work, manuscript_id).manuscript
        try:
            data = safe.open_file(work, manuscript, name)
        except KeyError as error:
            raise NotFound("not_found") from error
    try:
        kind = read_picture(data).type
    except Refusal:
        kind = read_sound(data).type
    return Response(data, mimetype=kind, headers={"Content-Security-Policy": ALONE})


@bp.post("/<int:manuscript_id>/submit")
@allow(Role.WRITER)
def submit(manuscript_id: int) -> ResponseReturnValue:
    """The author hands it in."""
    return _acted(manuscript_id, "submit")


@bp.post("/<int:manuscript_id>/withdraw")
@allow(Role.WRITER)
def withdraw(manuscript_id: int) -> ResponseReturnValue:
    """The author has it back."""
    return _acted(manuscript_id, "withdraw")


@bp.post("/<int:manuscript_id>/abandon")
@allow(Role.WRITER)
def abandon(manuscript_id: int) -> ResponseReturnValue:
    """The author gives it up."""
    return _acted(manuscript_id, "abandon")


def _acted(manuscript_id: int, verb: str) -> ResponseReturnValue:
    ask = parse(wire.Act)
    with unit_of_work() as work:
        acted = service.act(work, manuscript_id, verb, ask)
    return acted.model_dump(mode="json")
