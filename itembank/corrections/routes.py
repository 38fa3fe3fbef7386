"""Corrected keys: what the office asked for, the item opened for that alone, one says the key, another signs."""

from __future__ import annotations

from itertools import takewhile

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.corrections.wording import first_kind, key_words, shown
from itembank.items import correcting
from itembank.items.rekeying import NewKey
from server.accounts import signing
from server.accounts.signing.typed import own_pin
from server.core.errors import CatError, Denied, Invalid
from server.core.roles import Role
from server.core.work import Work
from server.edge.guard import actor, allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

bp = Blueprint("corrections", __name__, url_prefix="/bank/keys", template_folder="templates")
REQUEST = "/<int:asked_id>"
MOST_RANKS = 30


@bp.get("")
@allow(Role.COMMISSION)
def overview() -> ResponseReturnValue:
    """Everything that was asked for, and how far it is; no word of an item."""
    with reading() as work:
        rows = correcting.asked_keys(work)
    return render_template("corrections/overview.html", rows=rows)


@bp.get(REQUEST)
@allow(Role.COMMISSION)
def show(asked_id: int) -> ResponseReturnValue:
    """The item with its key and what was proposed; its opening is journalled."""
    return _page(asked_id, None)


@bp.post(REQUEST)
@allow(Role.COMMISSION)
def correct(asked_id: int) -> ResponseReturnValue:
    """The corrected key stands, signed by who made it."""
    attempt = _attempt()
    try:
        with unit_of_work() as work:
            outcome = correcting.correct_key(work, asked_id, _said(), attempt)
    except Invalid as fault:
        return _page(asked_id, fault), 422
    if isinstance(outcome, CatError):
        return _page(asked_id, outcome), 422
    return redirect(url_for("corrections.show", asked_id=asked_id), 303)


@bp.post(REQUEST + "/confirm")
@allow(Role.COMMISSION)
def confirm(asked_id: int) -> ResponseReturnValue:
    """Another person stands for the key."""
    attempt = _attempt()
    try:
        with unit_of_work() as work:
            fault = correcting.confirm_key(work, asked_id, request.form.get("key_id", 0, type=row_id), attempt)
    except (Denied, Invalid) as refused:
        fault = refused
    if fault is not None:
        return _page(asked_id, fault), 422
    return redirect(url_for("corrections.overview"), 303)


def _attempt() -> signing.PinAttempt:
    with reading() as work:
        return own_pin(work, request.form)


def _said() -> NewKey:
    form = request.form
    places = {name.removeprefix("place-"): value for name, value in form.items() if name.startswith("place-")}
    accepted = {name.removeprefix("accepted-"): value.splitlines() for name, value in form.items()
                if name.startswith("accepted-")}  # fmt: skip
    ranks = list(takewhile(bool, (form.get(f"rank-{n}", "") for n in range(1, MOST_RANKS))))
    return NewKey(
        letters=ranks or form.getlist("letter"), places=places or None, number=form.get("number", ""),
        tolerance=form.get("tolerance", ""), accepted=accepted or None, keeps=form.get("keeps") == "yes",
        reason=form.get("reason", ""),
    )  # fmt: skip


def _page(asked_id: int, fault: CatError | None) -> str:
    with reading() as work:
        asked, content, key = correcting.open_for_correction(work, asked_id)
        made = [(ref, _words(work, ref.id)) for ref in asked.keys]
    return render_template(
        "corrections/key.html", asked=asked, languages=shown(content), kind=first_kind(key), now=key_words(key),
        made=made, fault=fault, typed=request.form, letters=content.option_ids, most=correcting.LONGEST_REASON,
        own={ref.id for ref in asked.keys if (actor().id or 0) in ref.signer_ids},
    )  # fmt: skip


def _words(work: Work, key_version_id: int) -> tuple[str, str]:
    """What a corrected key says, and why."""
    key = correcting.open_key(work, key_version_id)
    return key_words(key), str(key.get("reason", ""))
