"""Delivery: sittings, sessions, the next item, answers, the clock and the seal. Commands live in `server.delivery.service`."""

from server.delivery.cookie import candidate_of
from server.delivery.queries import (
    SessionRef,
    SittingRef,
    evidence,
    progress,
    session_ref,
    session_refs,
    sessions_of_sitting,
    sitting_ref,
)
from server.delivery.service.ending import expire_due_sessions, verify_seal

__all__ = [
    "SessionRef",
    "SittingRef",
    "candidate_of",
    "evidence",
    "expire_due_sessions",
    "progress",
    "session_ref",
    "session_refs",
    "sessions_of_sitting",
    "sitting_ref",
    "verify_seal",
]
