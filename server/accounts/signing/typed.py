"""A PIN as a form brings it, in a unit of work that only reads: no writer waits for the costly half."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from server.accounts.signing.pins import PinAttempt, check_pin
from server.core.work import Work
from server.edge.ids import row_id


def own_pin(work: Work, form: Mapping[str, str]) -> PinAttempt:
    """The attempt of who is signed in."""
    return check_pin(work, work.actor.id or 0, form.get("pin", ""))


def member_pin(work: Work, form: MultiDict[str, str]) -> PinAttempt:
    """The attempt of who is named beside the PIN: a member signs at a colleague's screen."""
    return check_pin(work, form.get("staff_id", 0, type=row_id), form.get("pin", ""))
