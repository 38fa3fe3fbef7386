"""Who makes a request: the candidate's page carries one cookie, everybody else's another."""

from __future__ import annotations

from flask import Request

from server import accounts, delivery
from server.accounts.cookie import STAFF_COOKIE
from server.core.roles import PUBLIC, Actor
from server.delivery.cookie import CANDIDATE_COOKIE
from server.edge.work import platform, unit_of_work

CANDIDATE_PATH = "/exam"


def actor_of(request: Request) -> Actor:
    """The actor of a request; on the candidate's pages a staff sign-in counts for nothing, and the reverse."""
    if request.path.startswith("/static/"):
        return PUBLIC
    if request.path == CANDIDATE_PATH or request.path.startswith(CANDIDATE_PATH + "/"):
        return delivery.candidate_of(platform().vault, request.cookies.get(CANDIDATE_COOKIE, "")) or PUBLIC
    token = request.cookies.get(STAFF_COOKIE)
    if not token:
        return PUBLIC
    with unit_of_work() as work:
        return accounts.who_is(work, token) or PUBLIC
