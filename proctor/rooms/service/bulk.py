"""One act at several seats: a transaction for each, so that one who has just finished holds up nobody else."""

from __future__ import annotations

from typing import Literal

from proctor.rooms.duty import on_duty, require_state, seated
from proctor.rooms.service import running
from server import delivery
from server.core.errors import Stale
from server.core.work import Work
from server.delivery.machine import SESSION

Outcome = Literal["done", "before", "not_now"]
GOALS = {"pause": "paused", "resume": "running"}


def hold_one(work: Work, room_sitting_id: int, session_id: int, verb: str, reason: str) -> Outcome:
    """The candidate stands still or goes on; `before` where that was so already, so a second press is harmless."""
    room = on_duty(work, room_sitting_id)
    require_state(room, "running")
    seated(work, room_sitting_id, session_id)
    found = delivery.session_ref(work, session_id)
    # A break is held up like a test; nobody is called back from it together with others.
    state = "running" if found.is_on_break and verb == "pause" else found.state
    if found.held_since is not None:
        return "not_now"  # whether time is given back is decided for itself
    if state == GOALS[verb]:
        return "before"
    if not SESSION.allows(verb, state) or (found.is_on_break and verb == "resume"):
        return "not_now"
    act = running.pause if verb == "pause" else running.resume
    act(work, room_sitting_id, reason, session_id)
    return "done"


def message_one(
    work: Work, room_sitting_id: int, session_id: int, text: str, *, code: str | None, key: str | None
) -> Outcome:
    """The candidate will read it, in the language of the test where it is an answer kept ready."""
    try:
        running.message(work, room_sitting_id, text, session_id, code=code, key=key)
    except Stale:
        return "not_now"
    return "done"
