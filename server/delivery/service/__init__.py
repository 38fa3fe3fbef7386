"""Delivery's commands, one module for each part of a sitting's life; this is their front door."""

from server.delivery.service.conduct import (
    admit_session,
    begin_sessions,
    close_absent,
    pause_session,
    remove_session,
    resume_session,
    send_message,
)
from server.delivery.service.exposing import begin_counting
from server.delivery.service.planning import (
    NewSitting,
    issue_code,
    prepare_session,
    publish_sitting,
    renew_code,
    seat_session,
)

__all__ = [
    "NewSitting",
    "admit_session",
    "begin_counting",
    "begin_sessions",
    "close_absent",
    "issue_code",
    "pause_session",
    "prepare_session",
    "publish_sitting",
    "remove_session",
    "renew_code",
    "resume_session",
    "seat_session",
    "send_message",
]
