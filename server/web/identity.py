"""Who makes a request: candidates, observers and staff have each a cookie of their own for pages of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flask import Request

from proctor.observers.cookie import OBSERVER_COOKIE, read_token
from proctor.observers.queries import who_observes
from server import accounts, delivery
from server.accounts.cookie import STAFF_COOKIE
from server.core.roles import PUBLIC, Actor
from server.core.vault import digest
from server.delivery.cookie import CANDIDATE_COOKIE
from server.edge.hashes import hashes_of
from server.edge.work import platform, reading, unit_of_work

CANDIDATE_PATH = "/exam"
OBSERVER_PATH = "/observe"
NOTE_EVERY = timedelta(minutes=1)
NOTED_MOST = 10_000
_noted: dict[str, datetime] = {}


def actor_of(request: Request) -> Actor:
    """The actor of a request; a candidate's, an observer's and a staff sign-in count on their own pages alone."""
    if request.path.startswith("/static/"):
        return PUBLIC
    if _is_under(request, CANDIDATE_PATH):
        known = delivery.candidate_of(platform().vault, request.cookies.get(CANDIDATE_COOKIE, "")) or PUBLIC
        return replace(known, hashes=hashes_of(request))
    if _is_under(request, OBSERVER_PATH):
        return _observer(request.cookies.get(OBSERVER_COOKIE, ""))
    token = request.cookies.get(STAFF_COOKIE)
    if not token:
        return PUBLIC
    if _is_note_due(token):
        with unit_of_work() as work:
            return accounts.who_is(work, token) or PUBLIC
    with reading() as work:
        return accounts.who_is(work, token, notes=False) or PUBLIC


def _is_under(request: Request, path: str) -> bool:
    return request.path == path or request.path.startswith(path + "/")


def _observer(token: str) -> Actor:
    device = read_token(platform().vault, token)
    if device is None:
        return PUBLIC
    with reading() as work:
        return who_observes(work, *device) or PUBLIC


def _is_note_due(token: str) -> bool:
    """True once a minute for each login: only then must a request of staff wait its turn to write."""
    now, name = platform().clock.now(), digest(token.encode())
    if name in _noted and now - _noted[name] < NOTE_EVERY:
        return False
    if len(_noted) > NOTED_MOST:
        _noted.clear()
    _noted[name] = now
    return True
