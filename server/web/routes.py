"""The front page, the journal for auditors, and whether the process is well."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text

from server.core import journal
from server.core.journal import JournalEntry
from server.core.roles import Role
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading

bp = Blueprint("front", __name__)
PAGE = 100


@bp.get("/")
@allow(Role.PUBLIC)
def start() -> ResponseReturnValue:
    """The door: candidates one way, staff the other."""
    return render_template("front/start.html")


@bp.get("/health")
@allow(Role.PUBLIC)
def health() -> ResponseReturnValue:
    """200 if the database answers."""
    with reading() as work:
        work.db.execute(text("SELECT 1"))
    return {"status": "ok"}


@bp.get("/journal")
@allow(Role.AUDITOR)
def entries() -> ResponseReturnValue:
    """The journal, newest first, with whether its chain is whole."""
    before = request.args.get("before", type=row_id)
    subject = request.args.get("subject", "").strip()[:80]
    with reading() as work:
        query = select(JournalEntry).order_by(JournalEntry.seq.desc()).limit(PAGE)
        if before:
            query = query.where(JournalEntry.seq < before)
        if subject:
            query = query.where(JournalEntry.subject == subject)
        rows = list(work.db.execute(query).scalars())
        faults = list(journal.verify(work.db, work.vault))
    return render_template("front/journal.html", rows=rows, faults=faults, subject=subject, page=PAGE)
