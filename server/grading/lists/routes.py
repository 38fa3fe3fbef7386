"""Pages of result lists: the office freezes, signs and releases; departments sign for theirs; schools read theirs."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import delivery
from server.accounts import signing
from server.accounts.signing.typed import own_pin
from server.core import tasks
from server.core.errors import CatError, Denied, NotFound
from server.core.i18n import language
from server.core.paper import Printed
from server.core.roles import Role
from server.core.terms import typed_page
from server.core.work import Work
from server.delivery.queries import held
from server.edge.guard import actor, allow
from server.edge.hashes import origin
from server.edge.ids import row_id
from server.edge.papers import as_pdf, tongue
from server.edge.work import reading, refusal, unit_of_work
from server.grading import access
from server.grading.lists import papers, queries, queued, service, views
from server.grading.lists.standing import Row
from server.grading.lists.views import Shown

bp = Blueprint("lists", __name__, template_folder="templates")
LIST = "/office/lists/<int:result_list_id>"
CANDIDATE = LIST + "/candidates/<int:session_id>"
Maker = Callable[[Work, Shown, Row], Printed]


@bp.get("/office/sittings/<int:sitting_id>/lists")
@allow(Role.OFFICE)
def versions(sitting_id: int) -> ResponseReturnValue:
    """The lists of a sitting, and the form that freezes another."""
    return _versions(sitting_id, None)


@bp.post("/office/sittings/<int:sitting_id>/lists")
@allow(Role.OFFICE)
def freeze(sitting_id: int) -> ResponseReturnValue:
    """The results as they stand will be a list; the page shows how far it is."""
    try:
        with unit_of_work() as work:
            access.require_whole(work, delivery.sitting_ref(work, sitting_id).edition)
            queued.ask_to_freeze(work, sitting_id, request.form.get("because", ""))
    except (Denied, NotFound):
        raise
    except CatError as error:
        return _versions(sitting_id, error), 422
    return redirect(url_for("lists.versions", sitting_id=sitting_id), 303)


@bp.get(LIST)
@allow(Role.OFFICE)
def page(result_list_id: int) -> ResponseReturnValue:
    """A list with the rows that concern the reader."""
    return _page(result_list_id, None)


@bp.post(LIST + "/sign")
@allow(Role.OFFICE)
def sign(result_list_id: int) -> ResponseReturnValue:
    """Whoever is signed in has signed the list with their PIN."""
    return _with_pin(result_list_id, "signed", lambda work, attempt: service.sign_list(work, result_list_id, attempt))


@bp.post(LIST + "/receipt")
@allow(Role.OFFICE)
def receive(result_list_id: int) -> ResponseReturnValue:
    """The department has signed for its part."""

    def command(work: Work, attempt: signing.PinAttempt) -> CatError | None:
        seen = views.shown(work, result_list_id)
        if not any(each.ref.department_id == seen.circle.organisation_id for each in seen.deliveries):
            raise NotFound("not_found")
        return service.receive(work, seen.to_receive.id, attempt) if seen.to_receive else None

    return _with_pin(result_list_id, "received", command)


@bp.post(LIST + "/release")
@allow(Role.OFFICE)
def release(result_list_id: int) -> ResponseReturnValue:
    """Those whom the list concerns will see it; the page shows how far it is."""
    try:
        with unit_of_work() as work:
            access.require_whole(work, views.shown(work, result_list_id).sitting.edition)
            queued.ask_to_release(work, result_list_id)
    except (Denied, NotFound):
        raise
    except CatError as error:
        return _page(result_list_id, error), 409
    return redirect(url_for("lists.page", result_list_id=result_list_id), 303)


@bp.get(LIST + "/paper")
@allow(Role.OFFICE)
def paper(result_list_id: int) -> ResponseReturnValue:
    """The rows that concern the reader, or those of one department, to print."""
    with reading() as work:
        seen = views.shown(work, result_list_id)
        rows = queries.rows_of(work, result_list_id, seen.circle)
        department = request.args.get("department", 0, type=row_id)
        if seen.circle.is_whole and department:
            rows = service.parts_of_list(work, rows).get(department, [])
        part = department if seen.circle.is_whole else seen.circle.organisation_id
        printed = papers.print_list(work, seen, rows, part, tongue(), origin())
    return as_pdf(printed, "results")


@bp.get(LIST + "/notices")
@allow(Role.OFFICE)
def notices(result_list_id: int) -> ResponseReturnValue:
    """A notice to each candidate who concerns the reader, to print and hand out."""
    with reading() as work:
        seen = _released(work, result_list_id)
        rows = queries.rows_of(work, result_list_id, seen.circle)
        if len(rows) <= papers.MOST_NOTICES:
            told = [(row, queries.received_at(work, row.session_id)) for row in rows]
        else:
            told = [(row, None) for row in rows]
        printed = papers.print_notices(work, seen, told, tongue(), origin())
    return as_pdf(printed, "notices")


@bp.get(CANDIDATE + "/extract")
@allow(Role.OFFICE)
def extract(result_list_id: int, session_id: int) -> ResponseReturnValue:
    """What the list says of one candidate, to print."""
    return _of_candidate(result_list_id, session_id, _extract)


@bp.get(CANDIDATE + "/notice")
@allow(Role.OFFICE)
def notice(result_list_id: int, session_id: int) -> ResponseReturnValue:
    """The notice to one candidate and the parents, to print."""
    return _of_candidate(result_list_id, session_id, _notice)


@bp.get("/exam/result/extract")
@allow(Role.CANDIDATE)
def own_extract() -> ResponseReturnValue:
    """The extract of the candidate whose session this device holds."""
    with reading() as work:
        session = delivery.session_ref(work, held(work).id)
        released = queries.newest_released(work, session.sitting_id)
        if released is None:
            raise NotFound("not_found")
        seen = views.seen_by_candidate(work, released)
        return as_pdf(_extract(work, seen, _row(work, seen, session.id)), "result")


def _of_candidate(list_id: int, session_id: int, make: Maker) -> Response:
    with reading() as work:
        seen = _released(work, list_id)
        access.require_session(work, seen.sitting.edition, delivery.session_ref(work, session_id))
        return as_pdf(make(work, seen, _row(work, seen, session_id)), "result")


def _row(work: Work, seen: Shown, session_id: int) -> Row:
    found = queries.rows_with(work, seen.ref.id, [session_id])
    if not found:
        raise NotFound("not_found")
    return found[0]


def _extract(work: Work, seen: Shown, row: Row) -> Printed:
    return papers.print_extract(work, seen, row, tongue(), origin())


def _notice(work: Work, seen: Shown, row: Row) -> Printed:
    told = [(row, queries.received_at(work, row.session_id))]
    return papers.print_notices(work, seen, told, tongue(), origin())


def _released(work: Work, list_id: int) -> Shown:
    seen = views.shown(work, list_id)
    if seen.ref.released_at is None:
        raise NotFound("not_found")
    return seen


def _with_pin(
    list_id: int, done: str, command: Callable[[Work, signing.PinAttempt], CatError | None]
) -> ResponseReturnValue:
    with reading() as work:
        views.shown(work, list_id)
        attempt = own_pin(work, request.form)
    if fault := refusal(lambda work: command(work, attempt), Denied):
        return _page(list_id, fault), 422
    return redirect(url_for("lists.page", result_list_id=list_id, done=done), 303)


def _versions(sitting_id: int, fault: CatError | None) -> str:
    with reading() as work:
        found = views.overview(work, sitting_id)
        asked = tasks.latest(work, queued.FREEZING, f"sitting:{sitting_id}", 1) if found.circle.is_whole else []
    return render_template("lists/versions.html", found=found, title=found.sitting.titles[language()], fault=fault,
                           typed=request.form, clause=found.sitting.edition.label(service.CLAUSE, language()),
                           maximum=service.BECAUSE_MAX, task=asked)  # fmt: skip


def _page(list_id: int, fault: CatError | None) -> str:
    q, number = request.args.get("q", "")[:80], typed_page(request.args.get("page", ""))
    with reading() as work:
        seen = views.shown(work, list_id)
        rows, n = views.find(work, list_id, seen.circle, q, number)
        changed, n_changed = views.changes(work, seen)
        asked = tasks.latest(work, queued.RELEASING, f"result_list:{list_id}", 1) if seen.may_sign else []
        read = {row.session_id for row in rows} | {each.after.row.session_id for each in changed}
        work.record("result:read", f"result_list:{list_id}", clause=access.CLAUSE, sessions=sorted(read))
        return render_template(
            "lists/list.html", seen=seen, title=seen.sitting.titles[language()], lines=views.lines(seen.policy, rows),
            task=asked,
            n=n, q=q, page_no=number, page_size=views.PAGE, changed=changed, n_changed=n_changed, fault=fault,
            subjects=seen.policy.subject_titles(language()), may_pin=signing.has_pin(work, actor().id or 0),
            clause=seen.sitting.edition.label(service.CLAUSE, language()), me=actor().id,
        )  # fmt: skip
