"""A PIN as a form brings it, in a unit of work that only reads: no writer waits for the costly half."""

from __future__ import annotations

from collections.abc import Mapping

from server.accounts.signing.pins import PinAttempt, check_pin
from server.core.work import Work
from server.edge.ids import row_id


def own_pin(work: Work, form: Mapping[str, str]) -> PinAttempt:
    """The attempt of who is signed in."""
    return check_pin(work, work.actor.id or 0, form.get("pin", ""))


def member_pin(work: Work, form: Mapping[str, str]) -> PinAttempt:
    """The attempt of who is named beside the PIN, if anybody is: a member signs at a colleague's screen."""
    try:
        staff_id = row_id(form.get("staff_id", ""))
    except ValueError:
        staff_id = 0
    return check_pin(work, staff_id, form.get("pin", ""))
