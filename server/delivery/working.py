"""What stands in the working areas of sessions, opened for those who may see it (DC-13, DC-26); nothing here writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from server.core.regulation import Edition
from server.core.vault import Tampered, Vault
from server.core.work import Work
from server.delivery.models import ExamSession, Working, working_place
from server.delivery.rules import WorkingAreaRule
from server.delivery.wire import StepView, WorkingView

SHEET = (1000, 600)  # the size of a drawing, in the units of its strokes
BESIDE = select(Working).where(Working.section_id == bindparam("section_id"), Working.seq == bindparam("seq"))


@dataclass(frozen=True)
class GivenWorking:
    """What stood beside a step when it was left; each stroke holds x and y of its points in turn."""

    text: str
    strokes: tuple[tuple[int, ...], ...]
    version: int
    saved_at: datetime

    @property
    def paths(self) -> tuple[str, ...]:
        """Each stroke as the `d` of an SVG path."""
        return tuple(_path(stroke) for stroke in self.strokes)


def working_kinds(edition: Edition, subject: str) -> list[str]:
    """What may stand in the working area of a subject; nothing where it has none."""
    return list(edition.get("DC-13", WorkingAreaRule).kinds_of(subject))


def working_view(work: Work, session: ExamSession, step: StepView) -> WorkingView | None:
    """What was last saved beside the open step."""
    row = work.db.execute(BESIDE, {"section_id": step.section_id, "seq": step.seq}).scalar_one_or_none()
    if row is None:
        return None
    content = _opened(work.vault, work.vault.unwrap(session.data_key, session.place), row)
    return WorkingView(
        section_id=row.section_id, seq=row.seq, version=row.version, text=content["text"], strokes=content["strokes"]
    )


def workings_of(
    work: Work, session_id: int, broken: dict[tuple[int, int], str] | None = None
) -> dict[tuple[int, int], GivenWorking]:
    """What stands beside the steps of a session, by section and seq; Tampered if it was changed, or named in `broken`
    where that is given."""
    session = work.db.get_one(ExamSession, session_id)
    key = work.vault.unwrap(session.data_key, session.place)
    rows = work.db.execute(select(Working).where(Working.section_id.in_([s.id for s in session.sections]))).scalars()
    found = {}
    for row in rows:
        try:
            found[row.section_id, row.seq] = given_working(work.vault, key, row)
        except Tampered as error:
            if broken is None:
                raise
            broken[row.section_id, row.seq] = str(error)
    return found


def given_working(vault: Vault, key: bytes, row: Working) -> GivenWorking:
    """What the row holds, opened; Tampered if it was changed."""
    content = _opened(vault, key, row)
    strokes = tuple(tuple(stroke) for stroke in content["strokes"])
    return GivenWorking(content["text"], strokes, row.version, row.saved_at)


def _opened(vault: Vault, key: bytes, row: Working) -> dict[str, Any]:
    place = working_place(row.session_id, row.section_id, row.seq)
    content: dict[str, Any] = json.loads(vault.open(key, row.content_sealed, place))
    return content


def _path(stroke: tuple[int, ...]) -> str:
    points = zip(stroke[::2], stroke[1::2], strict=False)
    return "M" + "L".join(f"{x} {y}" for x, y in points)
