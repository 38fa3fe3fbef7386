"""Errors as HTTP: the only module that knows which kind gets which status."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, jsonify, make_response, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from server.core.errors import CatError, Denied, Invalid, NotFound, NotSignedIn, Refused, Stale, Unavailable
from server.web.messages import sentence

STATUS: dict[type[CatError], int] = {
    NotSignedIn: 401, Denied: 403, Refused: 403, NotFound: 404, Stale: 409, Invalid: 422,
    Unavailable: 503,
}
# What the routing and the reading of requests refuse by themselves; "unreadable" for all else.
SPOKEN = {404: "not_found", 405: "not_done_so", 413: "too_large"}
log = logging.getLogger("synak")


def status_of(error: CatError) -> int:
    """The HTTP status of an error's kind."""
    return next(status for kind, status in STATUS.items() if isinstance(error, kind))


def install(app: Flask) -> None:
    """Every error leaves as JSON for scripts and as a page for people, always with a sentence."""

    @app.errorhandler(CatError)
    def _foreseen(error: CatError) -> Response:
        cited = error.ruling.clause if isinstance(error, Refused) else error.facts.get("clause")
        clause = str(cited) if cited else None
        return _reply(error.code, sentence(error.code, error.facts, clause), clause, status_of(error))

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        if status >= 500:
            return _bug(error)
        code = SPOKEN.get(status, "unreadable")
        reply = _reply(code, sentence(code, {}), None, status)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            reply.allow.update(error.valid_methods)
        return reply

    @app.errorhandler(OperationalError)
    def _database(error: OperationalError) -> Response:
        log.error("database unavailable: %s", type(error.orig).__name__)
        return _reply("busy", sentence("busy", {}), None, 503)

    @app.errorhandler(Exception)
    def _bug(error: Exception) -> Response:
        reference = secrets.token_hex(4)
        log.error("bug %s at %s %r", reference, request.method, request.path, exc_info=error)
        return _reply("broken", sentence("broken", {"reference": reference}), None, 500)


def wants_json() -> bool:
    """True if a script asked, not a person."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def _reply(code: str, message: str, clause: str | None, status: int) -> Response:
    if wants_json():
        body = jsonify(error={"code": code, "message": message, "clause": clause})
        return make_response(body, status)
    page = render_template("error.html", message=message, clause=clause, status=status)
    return make_response(page, status)
