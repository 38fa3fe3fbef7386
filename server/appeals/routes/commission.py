"""The pages of the appeals commission: its cases by code, its hearings, votes, protocols and interests (CS-14.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import candidates
from server.accounts.signing.typed import member_pin
from server.appeals import hearings, interests, papers, protocols, queries, telling, voting, words
from server.appeals.cases import listed
from server.appeals.commission import Commission, commissions_of_actor, rule_of
from server.appeals.listing import Wish, cut, sheet
from server.appeals.machine import FINISHED
from server.candidates.queries import ProgrammeRef
from server.core.errors import CatError, Denied, Invalid, Refused, Stale
from server.core.i18n import language
from server.core.regulation import Edition
from server.core.roles import Role
from server.core.terms import typed_day, typed_hour, typed_page
from server.core.work import Work
from server.edge.guard import actor, allow
from server.edge.hashes import origin
from server.edge.ids import row_id
from server.edge.papers import as_pdf, tongue
from server.edge.work import reading, refusal, unit_of_work
from server.grading.policy import Policy

bp = Blueprint("appeals", __name__, url_prefix="/appeals", template_folder="../templates")
CASE, HEARING = "/<int:appeal_id>", "/hearings/<int:hearing_id>"
PARTS = {
    "mine": lambda row: bool(row.duties), "open": lambda row: row.state not in FINISHED,
    "over": lambda row: row.state in FINISHED,
}  # fmt: skip
PLACES = {"appeal_hearing_day": "day", "appeal_hearing_hour": "hour", "appeal_hearing_place": "place"}


@bp.get("")
@allow(Role.APPEALS)
def overview() -> ResponseReturnValue:
    """The cases of the reader's commissions, what waits for them in each, and the hearings."""
    return _overview(None)


@bp.post("/hearings")
@allow(Role.APPEALS)
def call() -> ResponseReturnValue:
    """The commission is called to a hearing."""
    form = request.form
    programme_id = form.get("programme_id", 0, type=row_id)
    try:
        with unit_of_work() as work:
            zone = candidates.programme_ref(work, programme_id).edition.zone
            hearing_id = hearings.call(work, programme_id, _instant(zone), form.get("place", ""))
    except (Invalid, Refused, Stale) as fault:
        return _overview(fault), 422
    return redirect(url_for("appeals.hearing", hearing_id=hearing_id, done="called"), 303)


@bp.get(HEARING)
@allow(Role.APPEALS)
def hearing(hearing_id: int) -> ResponseReturnValue:
    """A hearing: who is there, and the cases before it."""
    return _hearing(hearing_id, None)


@bp.post(HEARING + "/agenda")
@allow(Role.APPEALS)
def put_on_agenda(hearing_id: int) -> ResponseReturnValue:
    """These cases are heard there."""
    ids = [row_id(each) for each in request.form.getlist("case") if each.isdigit()]
    return _at_hearing(hearing_id, "agenda", lambda work: hearings.put_on_agenda(work, hearing_id, ids))


@bp.post(HEARING + "/presence")
@allow(Role.APPEALS)
def confirm_presence(hearing_id: int) -> ResponseReturnValue:
    """Who is signed in sits in the hearing."""
    return _at_hearing(hearing_id, "present", lambda work: hearings.confirm_presence(work, hearing_id))


@bp.post(HEARING + "/end")
@allow(Role.APPEALS)
def end(hearing_id: int) -> ResponseReturnValue:
    """Nobody votes in it any more."""
    return _at_hearing(hearing_id, "ended", lambda work: hearings.end(work, hearing_id))


@bp.get("/interests")
@allow(Role.APPEALS)
def own_interests() -> ResponseReturnValue:
    """From whom the reader stands aside, and the form that says so."""
    return _interests(None)


@bp.post("/interests")
@allow(Role.APPEALS)
def declare_beforehand() -> ResponseReturnValue:
    """The reader stands aside from that number or school."""
    form = request.form
    said = form.get("interest", ""), form.get("kind", ""), form.get("target", "")
    if fault := refusal(lambda work: interests.declare_beforehand(work, *said)):
        return _interests(fault), 422
    return redirect(url_for("appeals.own_interests", done="declared"), 303)


@bp.get(CASE)
@allow(Role.APPEALS)
def case(appeal_id: int) -> ResponseReturnValue:
    """One case, by the code of its work."""
    return _case(appeal_id, None)


@bp.post(CASE + "/interest")
@allow(Role.APPEALS)
def stand_aside(appeal_id: int) -> ResponseReturnValue:
    """The reader has an interest in the case and has no more to do with it."""
    with unit_of_work() as work:
        interests.declare_in_case(work, appeal_id, request.form.get("interest", ""))
    return redirect(url_for("appeals.overview", done="aside"), 303)


@bp.post(CASE + "/admit")
@allow(Role.APPEALS)
def admit(appeal_id: int) -> ResponseReturnValue:
    """The case is admitted."""
    return _done(appeal_id, "admitted", lambda work: hearings.admit(work, appeal_id, _revision()))


@bp.post(CASE + "/refuse")
@allow(Role.APPEALS)
def refuse(appeal_id: int) -> ResponseReturnValue:
    """The case is not admitted, and the reason is told."""
    reason = request.form.get("reason", "")
    return _done(appeal_id, "refused", lambda work: hearings.refuse(work, appeal_id, _revision(), reason))


@bp.post(CASE + "/motion")
@allow(Role.APPEALS)
def put_motion(appeal_id: int) -> ResponseReturnValue:
    """An outcome for each task is put to the vote."""
    form = request.form
    outcomes = [
        voting.Outcome(
            row_id(seq), form.get(f"outcome_{seq}", ""), form.get(f"points_{seq}", "").strip(),
            form.get(f"key_{seq}", 0, type=row_id),
        )
        for seq in form.getlist("task")
        if seq.isdigit()
    ]  # fmt: skip
    reason = form.get("reason", "")
    return _done(
        appeal_id, "moved", lambda work: voting.put_motion(work, appeal_id, _revision(), outcomes, reason)
    )


@bp.post(CASE + "/vote")
@allow(Role.APPEALS)
def vote(appeal_id: int) -> ResponseReturnValue:
    """The reader's vote."""
    motion_id, choice = request.form.get("motion_id", 0, type=row_id), request.form.get("choice", "")
    return _done(appeal_id, "voted", lambda work: voting.vote(work, appeal_id, motion_id, choice))


@bp.post(CASE + "/protocol")
@allow(Role.APPEALS)
def draw_up(appeal_id: int) -> ResponseReturnValue:
    """The protocol stands to be signed."""
    return _done(appeal_id, "drawn", lambda work: protocols.draw_up(work, appeal_id))


@bp.post(CASE + "/sign")
@allow(Role.APPEALS)
def sign(appeal_id: int) -> ResponseReturnValue:
    """A member has typed their PIN at this screen."""
    form = request.form
    with reading() as work:
        listed(work, appeal_id)
        attempt = member_pin(work, form)
    shown = form.get("digest", "")
    if fault := refusal(lambda work: protocols.sign(work, appeal_id, shown, attempt), Denied):
        return _case(appeal_id, fault), 422
    return redirect(url_for("appeals.case", appeal_id=appeal_id, done="signed") + "#protocol", 303)


@bp.post(CASE + "/tell")
@allow(Role.APPEALS)
def tell(appeal_id: int) -> ResponseReturnValue:
    """The appellant reads the decision from now on."""
    return _done(appeal_id, "told", lambda work: telling.tell(work, appeal_id))


@bp.get(CASE + "/protocol.pdf")
@allow(Role.APPEALS)
def protocol(appeal_id: int) -> ResponseReturnValue:
    """The protocol on paper, by the code of the work."""
    with unit_of_work() as work:
        printed = papers.print_protocol(work, appeal_id, tongue(), origin())
    return as_pdf(printed, "appeal-protocol")


def _revision() -> int:
    return request.form.get("revision", 0, type=row_id)


def _instant(zone: ZoneInfo) -> datetime:
    """The day and hour of the form, in the law's zone."""
    form = request.form
    try:
        hour = typed_hour(form.get("hour", ""))
    except ValueError:
        raise Invalid("appeal_hearing_hour") from None
    try:
        return datetime.combine(typed_day(form.get("day", "")), hour, zone).astimezone(UTC)
    except (ValueError, OverflowError):  # no day, or one at the very end of the calendar
        raise Invalid("appeal_hearing_day", days=hearings.AROUND.days) from None


def _done(appeal_id: int, done: str, command: Callable[[Work], object]) -> ResponseReturnValue:
    if fault := refusal(command):
        return _case(appeal_id, fault), 422
    return redirect(url_for("appeals.case", appeal_id=appeal_id, done=done), 303)


def _at_hearing(hearing_id: int, done: str, command: Callable[[Work], object]) -> ResponseReturnValue:
    if fault := refusal(command):
        return _hearing(hearing_id, fault), 422
    return redirect(url_for("appeals.hearing", hearing_id=hearing_id, done=done), 303)


def _overview(fault: CatError | None) -> str:
    with reading() as work:
        seats = commissions_of_actor(work)
        programmes = {each.programme_id: candidates.programme_ref(work, each.programme_id) for each in seats}
        kept = [each for each in seats if _keeps(each, programmes[each.programme_id].edition)]
        wanted = typed_page(request.args.get("hearings", ""))
        hearings_shown, page, pages = cut(queries.hearings_of(work, seats), wanted)
        return render_template(
            "appeals/overview.html", commissions=seats, programmes=programmes,
            sheet=sheet(queries.cases_of(work, seats), Wish.of(request.args), PARTS), now=work.now,
            hearings=hearings_shown, hearings_page=page, hearings_pages=pages, kept=kept,
            words=words, titles=_titles(programmes.values()),
            grounds=_merged(words.grounds, programmes.values()), roles=_merged(words.roles, programmes.values()),
            fault=fault, typed=request.form, place=PLACES.get(fault.code, "") if fault else "",
        )  # fmt: skip


def _hearing(hearing_id: int, fault: CatError | None) -> str:
    with reading() as work:
        row = hearings.find(work, hearing_id)
        commission, seat = hearings.seat_in(work, row)
        programme = candidates.programme_ref(work, commission.programme_id)
        cases = queries.cases_of(work, [commission])
        came = hearings.present(work, hearing_id, commission)
        return render_template(
            "appeals/hearing.html", now=work.now, hearing=row, commission=commission, seat=seat,
            programme=programme, words=words,
            cases=[each for each in cases if each.hearing_id == hearing_id], present=came,
            presences=queries.presences(work, hearing_id),
            has_quorum=hearings.has_quorum(commission, programme.edition, came),
            rule=rule_of(programme.edition), roles=words.roles(programme.edition), titles=_titles([programme]),
            waiting=[each for each in cases if queries.may_be_heard(work, each, row)], fault=fault,
            grounds=words.grounds(programme.edition), is_keeper=_keeps(commission, programme.edition),
        )  # fmt: skip


def _case(appeal_id: int, fault: CatError | None) -> str:
    with reading() as work:
        page = queries.case_page(work, appeal_id)
    edition = page.case.sitting.edition
    policy = Policy.of(edition)
    return render_template(
        "appeals/case.html", page=page, words=words, grounds=words.grounds(edition), roles=words.roles(edition),
        interests=words.interests(edition), titles=policy.subject_titles(language()),
        grades=policy.grade_titles(language()), outcomes=words.outcomes(), label=edition.label, fault=fault,
        typed=request.form, zone=page.case.sitting.zone,
    )  # fmt: skip


def _interests(fault: CatError | None) -> str:
    with reading() as work:
        editions = [candidates.programme_ref(work, each.programme_id) for each in commissions_of_actor(work)]
        return render_template(
            "appeals/interests.html", declared=interests.declared_by_actor(work), fault=fault, typed=request.form,
            interests=_merged(words.interests, editions), is_member=bool(editions),
        )  # fmt: skip


def _keeps(commission: Commission, edition: Edition) -> bool:
    seat = commission.seat_of(actor().id)
    return seat is not None and seat.role in rule_of(edition).keepers


def _titles(programmes: Iterable[ProgrammeRef]) -> Mapping[str, str]:
    """Subject code → title, of all these editions."""
    return _merged(lambda edition: Policy.of(edition).subject_titles(language()), programmes)


def _merged(say: Callable[[Edition], Mapping[str, str]], programmes: Iterable[ProgrammeRef]) -> dict[str, str]:
    return {code: title for each in programmes for code, title in say(each.edition).items()}
