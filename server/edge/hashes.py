"""What Safe Exam Browser says of itself with a request, beside the address under which we are known outside."""

from __future__ import annotations

from flask import Request, current_app

from server.core.roles import Hashes

CONFIG_HEADER = "X-SafeExamBrowser-ConfigKeyHash"
EXAM_HEADER = "X-SafeExamBrowser-RequestHash"


def origin() -> str:
    """Scheme, host and port as configured; what a request says of them is the sender's word."""
    return str(current_app.extensions["synak_config"].public_origin)


def public_url(request: Request) -> str:
    """The address of the request as the browser sent it, to the byte of its escapes."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or ""
    if not raw.startswith("/"):
        raw = request.full_path if request.query_string else request.path
    return origin() + str(raw)


def hashes_of(request: Request) -> Hashes:
    """The hashes in the headers; empty from other browsers."""
    headers = request.headers
    return Hashes(public_url(request), headers.get(CONFIG_HEADER, ""), headers.get(EXAM_HEADER, ""))
