"""Delivery: sittings, sessions, the next item, answers, the clock and the seal.

Commands have a front door of their own, `server.delivery.service`."""

from server.delivery.cookie import candidate_of
from server.delivery.queries import (
    SessionRef,
    SittingRef,
    evidence,
    progress,
    seed_of,
    session_ref,
    session_refs,
    sessions_of_registration,
    sessions_of_sitting,
    sitting_ref,
    sittings_of_centre,
)
from server.delivery.service.closing import expire_due_sessions
from server.delivery.service.ending import verify_seal

__all__ = [
    "SessionRef",
    "SittingRef",
    "candidate_of",
    "evidence",
    "expire_due_sessions",
    "progress",
    "seed_of",
    "session_ref",
    "session_refs",
    "sessions_of_registration",
    "sessions_of_sitting",
    "sitting_ref",
    "sittings_of_centre",
    "verify_seal",
]
