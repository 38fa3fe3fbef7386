"""That each reading of results is journalled (CS-5); whose may be read says `server.grading.access`."""

from __future__ import annotations

from collections.abc import Collection

from server.core.work import Work


def record_reading(work: Work, subject: str, session_ids: Collection[int] = ()) -> None:
    """The journal says who read which results."""
    facts = {"sessions": sorted(session_ids)} if session_ids else {}
    work.record("result:read", subject, clause="CS-5", **facts)
