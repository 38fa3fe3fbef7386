"""Who makes a request: the candidate's page carries one cookie, everybody else's another."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flask import Request

from server import accounts, delivery
from server.accounts.cookie import STAFF_COOKIE
from server.core.roles import PUBLIC, Actor
from server.core.vault import digest
from server.delivery.cookie import CANDIDATE_COOKIE
from server.edge.hashes import hashes_of
from server.edge.work import platform, reading, unit_of_work

CANDIDATE_PATH = "/exam"
NOTE_EVERY = timedelta(minutes=1)
NOTED_MOST = 10_000
_noted: dict[str, datetime] = {}


def actor_of(request: Request) -> Actor:
    """The actor of a request; on the candidate's pages a staff sign-in counts for nothing, and the reverse."""
    if request.path.startswith("/static/"):
        return PUBLIC
    if request.path == CANDIDATE_PATH or request.path.startswith(CANDIDATE_PATH + "/"):
        known = delivery.candidate_of(platform().vault, request.cookies.get(CANDIDATE_COOKIE, "")) or PUBLIC
        return replace(known, hashes=hashes_of(request))
    token = request.cookies.get(STAFF_COOKIE)
    if not token:
        return PUBLIC
    if _is_note_due(token):
        with unit_of_work() as work:
            return accounts.who_is(work, token) or PUBLIC
    with reading() as work:
        return accounts.who_is(work, token, notes=False) or PUBLIC


def _is_note_due(token: str) -> bool:
    """True once a minute for each login: only then must a request of staff wait its turn to write."""
    now, name = platform().clock.now(), digest(token.encode())
    if name in _noted and now - _noted[name] < NOTE_EVERY:
        return False
    if len(_noted) > NOTED_MOST:
        _noted.clear()
    _noted[name] = now
    return True
