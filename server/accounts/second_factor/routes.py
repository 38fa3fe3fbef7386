"""Pages of the second factor: a code is asked for, an authenticator is bound, codes of paper are shown once."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.accounts import logins, second_factor
from server.accounts.cookie import STAFF_COOKIE
from server.accounts.doors import local_path
from server.accounts.routes import keep_cookie
from server.core.errors import CatError, Invalid
from server.core.qr import qr_svg
from server.core.roles import STRONG_ROLES, Role
from server.edge.guard import actor, allow
from server.edge.work import reading, unit_of_work

bp = Blueprint("second_factor", __name__, url_prefix="/staff/second-factor", template_folder="../templates")


@bp.route("/prove", methods=["GET", "POST"])
@allow(Role.STAFF)
def prove() -> ResponseReturnValue:
    """The code of the moment, or one of paper; then the page that was asked for."""
    staff_id, fault = _own_id(), None
    if request.method == "POST":
        with unit_of_work() as work:
            fault = second_factor.prove(work, staff_id, _token(), request.form.get("code", ""))
            token = _token() if fault else logins.renew(work, _token())
        if fault is None:
            return _proved(redirect(_next(), 303), token)
    with reading() as work:
        standing = second_factor.standing(work, staff_id)
        shown = second_factor.shown_now(work, staff_id) if _is_demonstration() else None
    if not standing.is_set or not (actor().withheld or fault):
        return redirect(url_for("second_factor.page", next=_asked() or None), 303)
    page = render_template("accounts/second_prove.html", fault=fault, next=_next(), shown=shown)
    return (page, 422) if fault else page


@bp.route("", methods=["GET", "POST"])
@allow(Role.STAFF)
def page() -> ResponseReturnValue:
    """How it stands, and the authenticator that is to be bound, with the password of whoever sits here."""
    staff_id = _own_id()
    with reading() as work:
        standing = second_factor.standing(work, staff_id)
    if standing.is_set and actor().withheld:  # who has one binds another only by proving it
        return redirect(url_for("second_factor.prove", next=request.path), 303)
    fault: CatError | None = None
    if request.method == "POST":
        bound = _bind(staff_id, request.form.get("present", ""), request.form.get("code", ""))
        if not isinstance(bound, CatError):
            token, paper = bound
            return _proved(render_template("accounts/second_paper.html", codes=paper, next=_next()), token)
        fault = bound
    is_binding = fault is not None or not standing.is_set or "anew" in request.args
    waiting = None
    if is_binding and (actor().withheld or actor().may(*STRONG_ROLES)):
        with unit_of_work() as work:
            waiting = second_factor.begin(work, staff_id, _token())
    shown = render_template(
        "accounts/second_factor.html", fault=fault, standing=standing, waiting=waiting, next=_next(),
        qr=qr_svg(waiting.address, is_sized=False) if waiting else "",
    )  # fmt: skip
    return (shown, 422) if fault else shown


def _bind(staff_id: int, present: str, code: str) -> tuple[str, tuple[str, ...]] | CatError:
    """The token that opens from now on, and the codes of paper."""
    with reading() as work:
        attempt = logins.check_own(work, staff_id, present, request.cookies)
    with unit_of_work() as work:
        if not logins.confirm(work, attempt):
            return Invalid("password_not_yours")  # returned, not raised: the failure must be counted
        try:
            paper = second_factor.confirm(work, staff_id, _token(), code)
            return logins.renew(work, _token()), paper
        except Invalid as error:
            return error


def _proved(page: ResponseReturnValue, token: str) -> Response:
    """A browser that holds more than before does so under another token (ASVS 5.0, 7.2.4)."""
    reply = make_response(page)
    keep_cookie(reply, STAFF_COOKIE, token)
    return reply


def _own_id() -> int:
    staff_id = actor().id
    if staff_id is None:
        raise ValueError("staff without an id")
    return staff_id


def _token() -> str:
    return request.cookies.get(STAFF_COOKIE, "")


def _asked() -> str:
    return local_path(request.values.get("next", ""))


def _next() -> str:
    return _asked() or url_for("accounts.home")


def _is_demonstration() -> bool:
    return bool(current_app.extensions["synak_config"].is_demonstration)
