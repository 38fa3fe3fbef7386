"""Cross-site requests: each browser holds a random cookie, each page a token made from it; a change needs both."""

from __future__ import annotations

import secrets

from flask import Response, g, request

from server.core.errors import Denied
from server.core.vault import same
from server.edge.work import platform

COOKIE = "synak_csrf"
HEADER = "X-CSRF-Token"
FIELD = "csrf_token"


def token() -> str:
    """The token for this browser, to be put into pages and forms."""
    return _token_for(_browser())


def protect() -> None:
    """A request that changes something comes from one of our own pages, or is refused."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Denied("foreign_request")
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    known = request.cookies.get(COOKIE)
    if not known or not same(given.encode(), _token_for(known).encode()):
        raise Denied("page_is_old")


def remember(response: Response, *, secure: bool) -> Response:
    """The browser keeps the cookie that its tokens are made from.

    Only a page sets it: a picture or an error that answers late must not replace the one a page was made with."""
    is_page = response.status_code < 400 and request.headers.get("Sec-Fetch-Dest", "document") == "document"
    if is_page and "csrf_browser" in g and request.cookies.get(COOKIE) != g.csrf_browser:
        response.set_cookie(COOKIE, g.csrf_browser, httponly=True, secure=secure, samesite="Strict")
    return response


def _browser() -> str:
    if "csrf_browser" not in g:
        g.csrf_browser = request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
    return str(g.csrf_browser)


def _token_for(browser: str) -> str:
    return platform().vault.mac("csrf", browser.encode()).hex()
