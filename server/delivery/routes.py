"""The candidate's page and what it asks for. Every change is a POST; sockets are not used here."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex
from typing import Any

from flask import (
    Blueprint,
    Response,
    after_this_request,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from server.core.errors import CatError
from server.core.roles import Actor, Role
from server.core.work import Work, open_reading
from server.delivery import queries, wire
from server.delivery.cookie import CANDIDATE_COOKIE, COOKIE_LIFE_S, make_token
from server.delivery.devices import Computer, note_device
from server.delivery.seb.routes import needs_new_page, page_of
from server.delivery.service import answering, breaks, conduct, replying, signing_in, working
from server.edge.guard import actor, allow
from server.edge.wire import Wire
from server.edge.work import parse, platform, reading, unit_of_work

bp = Blueprint("delivery", __name__, url_prefix="/exam", template_folder="templates")

DEVICE_COOKIE, DEVICE_LEN, DEVICE_S = "synak_device", 32, 365 * 86_400
ResultOf = Callable[[Work, int], wire.ResultView | None]


@bp.get("")
@allow(Role.PUBLIC)
def page() -> ResponseReturnValue:
    """The one page of the candidate, from sign-in to the grades."""
    if needs_new_page():
        return redirect(url_for("seb.start"), 303)
    return render_template("delivery/exam.html", page_bundle="runner", state=_own_state())


@bp.post("/sign-in")
@allow(Role.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """The device holds the session from now on."""
    ask = parse(wire.SignIn)
    page, computer = page_of(ask.seb), _computer()
    with unit_of_work() as work:
        held = signing_in.sign_in(work, ask.registration_no, ask.code, page, ask.key, computer=computer)
        if not isinstance(held, CatError):
            note_device(work, held.session_id, computer)
    after_this_request(lambda reply: _remember(reply, computer))  # one that has to wait is known again, too
    if isinstance(held, CatError):
        raise held
    candidate = Actor(
        frozenset({Role.CANDIDATE}), held.session_id, lease=held.lease, hashes=actor().hashes
    )
    with open_reading(platform(), candidate) as work:
        reply = _json(_state(work))
    token = make_token(platform().vault, held.session_id, held.lease)
    reply.set_cookie(CANDIDATE_COOKIE, token, max_age=COOKIE_LIFE_S, **_own())
    return reply


@bp.post("/sign-out")
@allow(Role.CANDIDATE)
def sign_out() -> ResponseReturnValue:
    """The device forgets the session; the session goes on."""
    reply = make_response("", 204)
    reply.delete_cookie(CANDIDATE_COOKIE, **_own())
    return reply


@bp.get("/state")
@allow(Role.CANDIDATE)
def state() -> ResponseReturnValue:
    """All that the page needs to draw itself, after a reload or a gap. What is over the caretaker closes, not this."""
    with reading() as work:
        return _json(_state(work))


@bp.post("/begin-section")
@allow(Role.CANDIDATE)
def begin_section() -> ResponseReturnValue:
    """The next subject runs, its first item is open."""
    ask = parse(wire.BeginSection)
    return _after(lambda work: conduct.begin_next_section(work, ask.section_id))


@bp.post("/break")
@allow(Role.CANDIDATE)
def take_break() -> ResponseReturnValue:
    """The candidate's clock stands still, where breaks were decided (DC-12)."""
    return _after(breaks.take_break)


@bp.post("/go-on")
@allow(Role.CANDIDATE)
def go_on() -> ResponseReturnValue:
    """The break is over before its time; the clock goes on."""
    return _after(breaks.end_break)


@bp.post("/answers")
@allow(Role.CANDIDATE)
def answer() -> ResponseReturnValue:
    """The answer is in the database before this returns; what comes next goes back with it."""
    ask = parse(wire.Answer)
    with unit_of_work() as work:
        outcome = answering.submit_response(work, ask)
        reply = None if isinstance(outcome, CatError) else replying.answer_reply(work, outcome)
    if isinstance(outcome, CatError):
        raise outcome
    return _json(reply)


@bp.post("/working")
@allow(Role.CANDIDATE)
def save_working() -> ResponseReturnValue:
    """What stands beside the open step is in the database before this returns (DC-13)."""
    ask = parse(wire.Working)
    with unit_of_work() as work:
        saved = working.save_working(work, ask)
    return _json(wire.WorkingReply(saved_version=saved))


def _after(act: Callable[[Work], None]) -> Response:
    """The act is done; the state of the page after it."""
    with unit_of_work() as work:
        act(work)
    with reading() as work:
        return _json(_state(work))


def _own_state() -> wire.RunnerState | None:
    """What the page would ask for first; None where it must ask: to sign in, to be refused."""
    if Role.CANDIDATE not in actor().roles:
        return None
    try:
        with reading() as work:
            return _state(work)
    except CatError:
        return None


def _state(work: Work) -> wire.RunnerState:
    session = queries.held(work)
    state = queries.runner_state(work, session)
    result_of: ResultOf = current_app.extensions["synak_result_of"]
    if state.clock.phase not in ("submitted", "removed"):
        return state
    return state.model_copy(update={"result": result_of(work, session.id)})


def _computer() -> Computer:
    """The computer that asks, known again by a cookie that tells nothing else."""
    token = request.cookies.get(DEVICE_COOKIE, "")
    name = request.user_agent.string
    return Computer(token if len(token) == DEVICE_LEN else token_hex(DEVICE_LEN // 2), request.remote_addr or "", name)


def _remember(reply: Response, computer: Computer) -> Response:
    reply.set_cookie(DEVICE_COOKIE, computer.token, max_age=DEVICE_S, **_own())
    return reply


def _own() -> dict[str, Any]:
    """What all cookies of a candidate's computer have in common."""
    secure = current_app.extensions["synak_config"].is_secure
    return {"httponly": True, "secure": secure, "samesite": "Strict", "path": "/exam"}


def _json(body: Wire | None) -> Response:
    return Response(body.model_dump_json() if body else "null", mimetype="application/json")
