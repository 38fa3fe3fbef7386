"""Papers as routes send them: the language they are asked for in, and the PDF."""

from __future__ import annotations

from flask import Response, request

from server.core.i18n import LANGUAGES, language
from server.core.paper import Printed


def tongue() -> str:
    """The language that a paper is asked for in, else that of the page."""
    asked = request.values.get("lang", "")
    return asked if asked in LANGUAGES else language()


def as_pdf(printed: Printed, name: str) -> Response:
    """The paper, to be read in the browser and printed."""
    headers = {"Content-Disposition": f'inline; filename="{name}-{printed.digest}.pdf"'}
    return Response(printed.pdf, mimetype="application/pdf", headers=headers)
