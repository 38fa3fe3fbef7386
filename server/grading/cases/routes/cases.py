"""Pages of cases: filed by schools and departments with their papers, decided by the ministry (DC-17, DC-18, CS-12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import accounts
from server.accounts.signing.typed import own_pin
from server.candidates import cases, queries
from server.candidates.cases import papers
from server.candidates.cases.policy import procedure
from server.candidates.cases.queries import case_ref, own_case
from server.candidates.cases.service import Decision, TakingBack
from server.core.errors import CatError, Denied, Invalid, NotFound, Refused, Stale
from server.core.i18n import language
from server.core.roles import Role
from server.core.terms import typed_day
from server.core.work import Work
from server.edge.guard import allow
from server.edge.work import reading, refusal, unit_of_work
from server.grading.cases import facts, pages, service, taking_back

bp = Blueprint("cases", __name__, url_prefix="/office/cases", template_folder="../../templates")
FORM_BYTES = 40 * 1024 * 1024
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
OFFICES = (*accounts.WHOLE_COUNTRY, "department", "school")


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, object] | None) -> None:
    # Before the CSRF check reads the form: scanned papers are larger than other forms.
    if endpoint == "cases.add":
        request.max_content_length = FORM_BYTES


@bp.get("")
@allow(Role.OFFICE)
def overview() -> ResponseReturnValue:
    """The cases that concern the office, those that wait for a decision first."""
    kind, state = request.args.get("kind", ""), request.args.get("state", "")
    with reading() as work:
        _office(work)
        every = [pages.view(work, each) for each in cases.cases(work)]
        programmes = queries.programmes(work)
        may = pages.kinds_for(work, programmes[0].edition) if programmes else {}
    shown = [each for each in every if kind in ("", each.case.kind) and state in ("", each.case.state)]
    return render_template(
        "cases/overview.html", shown=shown, n_all=len(every), may=may, states=pages.states(), kind=kind, state=state,
        kinds={each.case.kind: each.title for each in every},
    )  # fmt: skip


@bp.get("/new")
@allow(Role.OFFICE)
def form() -> ResponseReturnValue:
    """The form for a new case of one kind."""
    return _form(request.args.get("kind", ""), None)


@bp.post("")
@allow(Role.OFFICE)
def file() -> ResponseReturnValue:
    """The case stands; its papers follow on its own page."""
    kind = request.form.get("kind", "")
    try:
        with unit_of_work() as work:
            _office(work)
            case_id = service.file_case(
                work, request.form.get("registration_no", ""), kind, request.form.get("ground", ""),
                _day("extended_to") if kind == "extension" else None,
            )  # fmt: skip
    except Denied:
        raise
    except CatError as error:
        return _form(kind, error), 422
    return redirect(url_for("cases.show", case_id=case_id), 303)


@bp.get("/<int:case_id>")
@allow(Role.OFFICE)
def show(case_id: int) -> ResponseReturnValue:
    """One case with its papers and its decision; that it was read is journalled."""
    return _page(case_id, None)


@bp.post("/<int:case_id>/papers")
@allow(Role.OFFICE)
def add(case_id: int) -> ResponseReturnValue:
    """A file stands among the papers."""
    upload = request.files.get("file")
    try:
        with unit_of_work() as work:
            _office(work)
            if upload is None or not upload.filename:
                own_case(work, case_id)
                raise Invalid("case_file_missing")
            with upload.stream as stream:  # a large upload is a temporary file, to be gone with the request
                cases.add_paper(work, case_id, request.form.get("kind", ""), bytes(stream.read()))
    except (Invalid, Refused, Stale) as error:
        return _page(case_id, error, "file"), 422
    return redirect(url_for("cases.show", case_id=case_id, done="added") + "#papers", 303)


@bp.get("/<int:case_id>/papers/<int:paper_id>")
@allow(Role.OFFICE)
def paper(case_id: int, paper_id: int) -> ResponseReturnValue:
    """A paper as it was handed in; the journal has who opened it, before it leaves."""
    with unit_of_work() as work:
        _office(work)
        media, content = papers.opened(work, own_case(work, case_id), paper_id)
    reply = Response(content, mimetype=media)
    name = f"case-{case_id}-{paper_id}.{ENDINGS.get(media, 'bin')}"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply


@bp.post("/<int:case_id>/submit")
@allow(Role.OFFICE)
def submit(case_id: int) -> ResponseReturnValue:
    """The case waits for its decision."""
    return _done(case_id, "papers", "submitted", lambda work: service.submit(work, case_id))


@bp.post("/<int:case_id>/withdraw")
@allow(Role.OFFICE)
def withdraw(case_id: int) -> ResponseReturnValue:
    """Nothing is asked any more."""
    return _done(case_id, "withdraw", "withdrawn", lambda work: cases.withdraw(work, case_id))


@bp.post("/<int:case_id>/decide")
@allow(Role.OFFICE)
def decide(case_id: int) -> ResponseReturnValue:
    """The case is decided, signed by PIN; what was typed stays when it is refused."""
    with reading() as work:
        _office(work)
        own_case(work, case_id)
        attempt = own_pin(work, request.form)
    said = {name: request.form.get(name, "") for name in ("outcome", "order_number", "words")}

    def command(work: Work) -> CatError | None:
        return service.decide(work, case_id, Decision(**said, decided_on=_day("decided_on")), attempt)

    return _done(case_id, "decision", "decided", command)


@bp.post("/<int:case_id>/take-back")
@allow(Role.OFFICE)
def take_back(case_id: int) -> ResponseReturnValue:
    """What was granted counts no longer, signed by PIN; what was typed stays when it is refused."""
    with reading() as work:
        _office(work)
        own_case(work, case_id)
        attempt = own_pin(work, request.form)
    said = {name: request.form.get(name, "") for name in ("order_number", "words")}

    def command(work: Work) -> CatError | None:
        return taking_back.take_back(work, case_id, TakingBack(**said, decided_on=_day("decided_on")), attempt)

    return _done(case_id, "taking-back", "taken_back", command)


def _done(case_id: int, place: str, done: str, command: Callable[[Work], object]) -> ResponseReturnValue:
    def allowed(work: Work) -> object:
        _office(work)
        return command(work)

    if fault := refusal(allowed):
        return _page(case_id, fault, place), 422
    return redirect(url_for("cases.show", case_id=case_id, done=done), 303)


def _office(work: Work) -> None:
    if accounts.organisation_of(work, work.actor.organisation_id or 0).kind not in OFFICES:
        raise Denied("not_allowed")


def _day(name: str) -> date:
    try:
        return typed_day(request.form.get(name, ""))
    except ValueError as error:
        raise Invalid("case_day_malformed") from error


def _form(kind: str, fault: CatError | None) -> str:
    with reading() as work:
        _office(work)
        programmes = queries.programmes(work)
        if not programmes:
            raise NotFound("programme_unknown")
        may = pages.kinds_for(work, programmes[0].edition)
        if kind not in may:
            raise Denied("not_allowed")
        offered = pages.choices(work, programmes[0], kind)
        first = facts.first_day(work, programmes[0])
        latest = pages.latest_day(programmes[0], first) if kind == "exemption" and first else None
    return render_template("cases/new.html", **offered, latest=latest, fault=fault, typed=request.form)


def _page(case_id: int, fault: CatError | None, place: str = "") -> str:
    with reading() as work:
        _office(work)
        case = case_ref(work, case_id)
        work.record("case:read", f"candidate_case:{case_id}", clause="CS-5")
        seen = pages.view(work, case)
        rule = procedure(case.programme.edition)
        decided_from = _office_name(work, case.decision.decided_from if case.decision else None)
        taken_from = _office_name(work, case.taken_back.taken_from if case.taken_back else None)
        signed, signed_after = pages.signatures(work, case), pages.signatures_after(work, case)
    return render_template(
        "cases/case.html", seen=seen, case=case, fault=fault, place=place, typed=request.form,
        titles=pages.paper_titles(case.programme.edition), decided_from=decided_from, signed=signed,
        taken_from=taken_from, signed_after=signed_after,
        max_mb=rule.file_max_mb, accept=pages.file_types(case.programme.edition), done=request.args.get("done", ""),
        label=case.programme.edition.label(seen.clause, language()),
    )  # fmt: skip


def _office_name(work: Work, organisation_id: int | None) -> str:
    return "" if organisation_id is None else accounts.organisation_of(work, organisation_id).name(language())
