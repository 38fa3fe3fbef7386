"""The front page, the journal for auditors, and whether the process is well."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from server.accounts import staff_names
from server.accounts.queries import staff_id_of, staff_of_login
from server.core import journal, journal_lines
from server.core.i18n import ZONE
from server.core.journal_lines import Wish
from server.core.roles import SYSTEM, Role
from server.core.work import Work
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

bp = Blueprint("front", __name__)
PAGE = 100
AT_ONCE, CHECKPOINT_EVERY = 20_000, 1000  # lines of the chain that one view proves, and after which it notes how far


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
@allow(Role.AUDITOR, Role.SECURITY)
def entries() -> ResponseReturnValue:
    """A page of the journal, newest first, and how far its chain is proved."""
    fields = {name: request.args.get(name, "").strip()[:80] for name in ("act", "person", "subject", "since", "until")}
    with reading() as work:
        wish = Wish(
            fields["act"], _actor(work, fields["person"]), fields["subject"], _day(fields["since"]),
            _day(fields["until"], 1), request.args.get("before", type=row_id),
        )  # fmt: skip
        found = journal_lines.page(work, wish, PAGE)
        proof, mac = journal.prove_on(work.db, work.vault, AT_ONCE)
        who = [staff_id for each in found.lines if (staff_id := staff_id_of(each.actor)) is not None]
        names = {f"staff:{id_}": name for id_, name in staff_names(work, who).items()}
    if not proof.faults and proof.upto - proof.since >= CHECKPOINT_EVERY:
        with unit_of_work() as work:
            journal.keep_proof(work.db, work.vault, proof.upto, mac, work.now)
    return render_template("front/journal.html", found=found, proof=proof, names=names, fields=fields)


def _actor(work: Work, person: str) -> str:
    """The label of a person who was named by their login or by the label itself."""
    if not person or ":" in person or person == SYSTEM.label:
        return person
    staff_id = staff_of_login(work, person)
    return "staff:?" if staff_id is None else f"staff:{staff_id}"  # of one whom nobody knows there are no lines


def _day(text: str, more: int = 0) -> datetime | None:
    """The midnight at which a day begins in Bishkek; None where none was asked for, or it is no day."""
    try:
        day = date.fromisoformat(text) + timedelta(days=more)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, time(), ZoneInfo(ZONE)).astimezone(UTC)
