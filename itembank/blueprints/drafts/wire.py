"""What the page of a draft asks as one writes, and what it hears."""

from __future__ import annotations

from server.edge.wire import Id, Wire


class DraftAsk(Wire):
    """The fields of the form as they stand, and the calibration run whose items are looked at."""

    fields: dict[str, str]
    run: Id | None = None


class DraftProblem(Wire):
    """What stands in the way, at which field."""

    place: str
    message: str


class DraftReply(Wire):
    """The contradictions of a draft, and whether the items of the run give a lawful test under it."""

    problems: tuple[DraftProblem, ...]
    supply: tuple[DraftProblem, ...]
    is_feasible: bool
    verdict: str
