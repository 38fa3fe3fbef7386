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
)
from server.delivery.service.closing import expire_due_sessions
from server.delivery.service.sealing import verify_seal, verify_seals

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
    "verify_seal",
    "verify_seals",
]
