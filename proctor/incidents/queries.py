"""The incident log of a room, as the console, the report and the office read it."""

from __future__ import annotations

from sqlalchemy import Select, select

from proctor.incidents.models import Incident, IncidentEnd
from proctor.monitoring.wire import IncidentView
from server import accounts
from server.core.work import Work


def incidents(work: Work, room_sitting_id: int) -> list[IncidentView]:
    """Every incident of the room in the sitting, in the order in which they began."""
    query = _rows().where(Incident.room_sitting_id == room_sitting_id)
    return _views(work, query.order_by(Incident.began_at, Incident.id))


def incident(work: Work, incident_id: int) -> IncidentView:
    """One incident as it now stands."""
    (found,) = _views(work, _rows().where(Incident.id == incident_id))
    return found


def _rows() -> Select[Incident, IncidentEnd]:
    return select(Incident, IncidentEnd).outerjoin(IncidentEnd, IncidentEnd.incident_id == Incident.id)


def _views(work: Work, query: Select[Incident, IncidentEnd]) -> list[IncidentView]:
    rows = work.db.execute(query).all()
    staff = {row.written_by: int(row.written_by.rpartition(":")[2]) for row, _end in rows if ":" in row.written_by}
    names = accounts.staff_names(work, staff.values())
    return [_view(row, end, names.get(staff.get(row.written_by, 0), row.written_by)) for row, end in rows]


def _view(row: Incident, end: IncidentEnd | None, by: str) -> IncidentView:
    return IncidentView(
        id=row.id, kind=row.kind, text=row.text, began_at=row.began_at.isoformat(),
        ended_at=end.ended_at.isoformat() if end else None, session_id=row.session_id, n_affected=row.n_affected,
        n_given=end.n_given if end else 0, given_s=end.given_s if end else 0, by=by,
    )  # fmt: skip
