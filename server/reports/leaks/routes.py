"""A leak: who of the staff and which candidates knew the items, and their withdrawal. Each look is journalled."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.authoring import likeness
from itembank.withdrawals import service as withdrawals
from server.core.errors import CatError, Invalid
from server.core.i18n import ZONE
from server.core.roles import Role
from server.core.work import Work
from server.edge.guard import allow
from server.edge.work import reading, unit_of_work
from server.reports.leaks import chance, effects, knowing, meeting, timeline
from server.reports.leaks.standing import decision, standing

bp = Blueprint("leaks", __name__, url_prefix="/bank/leaks", template_folder="../templates")
MOST_CODES, MOST_ROWS, LONGEST_TEXT = 200, 500, 100_000


@bp.get("")
@allow(Role.SECURITY, Role.AUDITOR)
def leaks() -> ResponseReturnValue:
    """What is withdrawn; with item codes, who could know these items; with a mark, whose opening it was."""
    codes, leaked_at, mark = _codes(), _instant(), request.args.get("mark", "").strip()[:40]
    with unit_of_work() as work:  # it writes that it was looked at, before anything is shown
        if codes or mark:
            work.record(
                "leak_looked_into", "bank", clause="DC-7", items=codes, mark=mark,
                leaked_at=leaked_at.isoformat() if leaked_at else None,
            )  # fmt: skip
        marked = knowing.marked(work, mark) if mark else None
        if not codes:  # a mark that was read leads on at once
            codes = list(dict.fromkeys(sight.code for sight, is_exact in marked or () if is_exact))[:MOST_CODES]
        known = knowing.known_items(work, codes)
        found = _found(work, known, leaked_at) if known else None
        withdrawn = standing(work)
    return render_template(
        "leaks/leaks.html", codes=codes, unknown=sorted(set(codes) - set(known)), mark=mark, marked=marked,
        leaked_at=request.args.get("at", ""), found=found, withdrawn=withdrawn, most=MOST_ROWS,
    )  # fmt: skip


@bp.get("/acts/<act>")
@allow(Role.SECURITY, Role.AUDITOR)
def act(act: str) -> ResponseReturnValue:
    """One withdrawal: what it did, and what holds its items now."""
    with reading() as work:
        said, rested = decision(work, act)
        found = effects.effects(work, said.codes, said.said.leaked_at)
    return render_template("leaks/act.html", one=said, rested=rested, found=found, done=request.args.get("done"))


@bp.post("/search")
@allow(Role.SECURITY, Role.AUDITOR)
def search() -> ResponseReturnValue:
    """The items of which most stands in a text that was found outside; the text itself is kept nowhere."""
    said = request.form.get("text", "")[:LONGEST_TEXT]
    with unit_of_work() as work:
        alike = likeness.find(work, said) if said.strip() else []
        work.record("leak_searched", "bank", clause="DC-7", items=sorted({each.code for each in alike}))
    return render_template("leaks/alike.html", alike=alike)


@bp.get("/withdrawal")
@allow(Role.SECURITY)
def preview() -> ResponseReturnValue:
    """What a withdrawal of these items would touch."""
    return _preview(None)


@bp.post("/withdrawal")
@allow(Role.SECURITY)
def withdraw() -> ResponseReturnValue:
    """The items are given to nobody any more."""
    codes = _codes()
    try:
        with unit_of_work() as work:
            act = withdrawals.withdraw(work, codes, withdrawals.Decision(
                cause=request.form.get("cause", ""), reason=request.form.get("reason", ""), leaked_at=_instant(),
                is_in_running=request.form.get("running") != "no", may_rewrite=request.form.get("rewrite") == "yes",
            ))  # fmt: skip
    except Invalid as error:
        return _preview(error), 422
    return redirect(url_for("leaks.act", act=act, done="withdrawn"), 303)


@bp.post("/lift")
@allow(Role.SECURITY)
def lift() -> ResponseReturnValue:
    """What one act withdrew may be given again."""
    act = request.form.get("act", "")
    with unit_of_work() as work:
        withdrawals.lift(work, act, request.form.get("reason", ""))
    return redirect(url_for("leaks.act", act=act, done="lifted"), 303)


def _preview(error: CatError | None) -> str:
    codes = _codes()
    with reading() as work:
        found = effects.effects(work, codes, _instant())
    return render_template(
        "leaks/withdrawal.html", codes=codes, found=found, error=error, leaked_at=request.values.get("at", ""),
        reason=request.form.get("reason", ""), running=request.form.get("running", "yes"),
        cause=request.form.get("cause", ""), rewrite=request.form.get("rewrite", "yes"),
    )  # fmt: skip


def _found(work: Work, codes: list[str], leaked_at: datetime | None) -> dict[str, object]:
    """Everything that is known of these items."""
    versions = knowing.versions_of(work, codes)
    seen, met = knowing.sights(work, codes), meeting.meetings(work, versions)
    people = knowing.people(work, codes, seen, leaked_at)
    return {
        "codes": codes, "seen": seen, "people": people, "met": met, "versions": versions,
        "in_all": chance.in_all, "sittings": meeting.by_sitting(work, met, leaked_at),
        "pools": knowing.pool_openings(work, versions), "plots": timeline.plots(seen, met, leaked_at),
        "leaked_at": leaked_at, "touched": effects.effects(work, codes, leaked_at),
    }  # fmt: skip


def _codes() -> list[str]:
    """The item codes that were named, in order, each once; Invalid if they are more than can be looked at."""
    named = re.split(r"[\s,;]+", " ".join(request.values.getlist("codes")))
    codes = list(dict.fromkeys(code[:40] for code in named if code))
    if len(codes) > MOST_CODES:
        raise Invalid("leak_codes", most=MOST_CODES, n=len(codes))
    return codes


def _instant() -> datetime | None:
    """The local time that was named; None where none was, or it is none."""
    try:
        local = datetime.fromisoformat(request.values.get("at", ""))
        return local.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
