"""Pages of accounts: signing in and out, the reader's language, the home page of staff, their password and PIN."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from server.accounts import devices, logins, queries, second_factor, service, signing
from server.accounts.cookie import STAFF_COOKIE
from server.accounts.doors import Door, doors_of, local_path
from server.accounts.signing.pins import sound_pin
from server.core.errors import CatError, Invalid
from server.core.i18n import LANGUAGES, language
from server.core.roles import Role
from server.edge.guard import actor, allow
from server.edge.work import reading, unit_of_work

bp = Blueprint("accounts", __name__, template_folder="templates")
LANGUAGE_COOKIE = "synak_lang"
YEAR_S = 31_536_000


@bp.route("/sign-in", methods=["GET", "POST"])
@allow(Role.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """The form, and on success a cookie and the page that was asked for."""
    if request.method == "POST":
        return _signed_in(request.form.get("login", ""), request.form.get("password", ""))
    if actor().may(Role.STAFF):
        return redirect(_next(), 303)
    return _form(is_changed="changed" in request.args)


@bp.post("/sign-out")
@allow(Role.PUBLIC)
def sign_out() -> ResponseReturnValue:
    """The login has ended, here and in the database."""
    with unit_of_work() as work:
        logins.sign_out(work, request.cookies.get(STAFF_COOKIE, ""))
    return _forget(redirect(url_for("accounts.sign_in"), 303))


@bp.post("/language")
@allow(Role.PUBLIC)
def set_language() -> ResponseReturnValue:
    """The browser remembers the language, for readers without script too."""
    reply = redirect(local_path(request.form.get("next", "")) or "/", 303)
    return _remember_language(reply, request.form.get("language", ""))


@bp.get("/staff")
@allow(Role.STAFF)
def home() -> ResponseReturnValue:
    """What this staff member's roles may do."""
    present = actor()
    with reading() as work:
        place = present.organisation_id
        name = queries.organisation_of(work, place).name(language()) if place else ""
    doors = [door for door in doors_of(present) if _is_open(door)]
    return render_template("accounts/home.html", doors=doors, organisation=name)


@bp.route("/staff/password", methods=["GET", "POST"])
@allow(Role.STAFF)
def password() -> ResponseReturnValue:
    """Another password for oneself; whoever sits at an open browser must know the present one."""
    if request.method == "GET":
        return render_template("accounts/password.html", fault=None)
    try:
        _change_password(request.form.get("present", ""), request.form.get("wanted", ""))
    except Invalid as error:
        return render_template("accounts/password.html", fault=error), 422
    return _forget(redirect(url_for("accounts.sign_in", changed=1), 303))


@bp.route("/staff/pin", methods=["GET", "POST"])
@allow(Role.STAFF)
def pin() -> ResponseReturnValue:
    """The PIN one signs with; whoever sits at an open console must know the password to set it.

    Who has a second factor types its code as well: what signs for them is worth no less than what opens the bank."""
    fault: CatError | None = None
    if request.method == "POST":
        done = _set_pin(request.form.get("present", ""), request.form.get("pin", ""), request.form.get("again", ""))
        if not isinstance(done, CatError):
            reply = redirect(url_for("accounts.pin", changed=1), 303)
            if done:
                keep_cookie(reply, STAFF_COOKIE, done)
            return reply
        fault = done
    with reading() as work:
        known = signing.has_pin(work, actor().id or 0)
        asks_code = second_factor.standing(work, actor().id or 0).is_set
    page = render_template(
        "accounts/pin.html", fault=fault, is_set=known, asks_code=asks_code, is_changed="changed" in request.args
    )
    return (page, 422) if fault else page


def _set_pin(present: str, wanted: str, again: str) -> str | CatError:
    """The token that opens from now on, if it is another; or why the PIN is not set: a failure must be counted."""
    staff_id, token = actor().id, ""
    if staff_id is None:
        raise ValueError("staff without an id")
    with reading() as work:
        attempt = logins.check_own(work, staff_id, present, request.cookies)
    with unit_of_work() as work:
        if not logins.confirm(work, attempt):
            return Invalid("password_not_yours")
        try:
            if sound_pin(wanted) != sound_pin(again):
                raise Invalid("pin_differs")
        except Invalid as error:
            return error
        if second_factor.standing(work, staff_id).is_set:
            before = request.cookies.get(STAFF_COOKIE, "")
            refusal = second_factor.prove(work, staff_id, before, request.form.get("code", ""))
            if refusal is not None:
                return refusal
            token = logins.renew(work, before)
        signing.set_pin(work, staff_id, wanted)
    return token


def _signed_in(login: str, password: str) -> ResponseReturnValue:
    with reading() as work:  # the costly half, where no writer waits for it
        attempt = logins.check_password(work, login, password, request.cookies)
    with unit_of_work() as work:
        token = logins.open_login(work, attempt)
        if token and attempt.staff_id:
            tongue = queries.language_of(work, attempt.staff_id)
            name = devices.cookie_name(work, attempt.login)
            device = devices.remember(work, attempt.staff_id, attempt.device)
    if token is None:
        return _form(login=login, is_refused=True), 422
    reply = redirect(_next(), 303)
    keep_cookie(reply, STAFF_COOKIE, token)
    keep_cookie(reply, name, device, devices.KNOWN_FOR)
    return reply if LANGUAGE_COOKIE in request.cookies else _remember_language(reply, tongue)


def _change_password(present: str, wanted: str) -> None:
    staff_id = actor().id
    if staff_id is None:
        raise ValueError("staff without an id")
    with reading() as work:
        attempt = logins.check_own(work, staff_id, present, request.cookies)
    with unit_of_work() as work:
        is_own = logins.confirm(work, attempt)
        if is_own:
            service.set_password(work, staff_id, wanted)
    if not is_own:  # only now: the failure must be counted
        raise Invalid("password_not_yours")


def _form(login: str = "", is_refused: bool = False, is_changed: bool = False) -> str:
    return render_template(
        "accounts/sign_in.html", login=login[:60], is_refused=is_refused, is_changed=is_changed, next=_next()
    )


def _next() -> str:
    return local_path(request.values.get("next", "")) or url_for("accounts.home")


def _is_open(door: Door) -> bool:
    try:
        current_app.url_map.bind("").match(door.path, "GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True


def _is_secure() -> bool:
    return bool(current_app.extensions["synak_config"].is_secure)


def keep_cookie(reply: Response, name: str, value: str, max_age: timedelta | None = None) -> None:
    """The browser keeps it for itself: no script reads it, no other site sends it."""
    reply.set_cookie(
        name, value, max_age=max_age, httponly=True, secure=_is_secure(), samesite="Strict", path="/"
    )  # fmt: skip


def _forget(reply: Response) -> Response:
    reply.delete_cookie(STAFF_COOKIE, httponly=True, secure=_is_secure(), samesite="Strict", path="/")
    return reply


def _remember_language(reply: Response, tongue: str) -> Response:
    if tongue in LANGUAGES:  # not HttpOnly: the exam's pages change it by script
        reply.set_cookie(LANGUAGE_COOKIE, tongue, max_age=YEAR_S, secure=_is_secure(), samesite="Lax")
    return reply
