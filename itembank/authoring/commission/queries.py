"""What the commission's pages show. Reasons, notes and minutes are sealed: members of the session alone read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from itembank.authoring import access, presence
from itembank.authoring.commission.board import VERDICTS, Verdict, may_decide
from itembank.authoring.commission.minutes import document_of, place, unseal
from itembank.authoring.commission.service import find
from itembank.authoring.models import CommissionDecision, CommissionNote, CommissionSession
from itembank.authoring.waiting import TextRow, text_row
from itembank.items.models import ItemVersion
from server.accounts import signing, staff_names
from server.accounts.queries import still_hold
from server.core.errors import Denied
from server.core.roles import Role
from server.core.work import Work


@dataclass(frozen=True)
class SessionRow:
    """A session as the list shows it; `to_sign`: it is closed, and the reader has not signed it."""

    id: int
    subject: str
    held_on: date
    order_no: str
    state: str
    n_items: int
    is_member: bool
    to_sign: bool


@dataclass(frozen=True)
class Note:
    """What was said; with a verdict it is the reason of a decision."""

    by: str
    at: datetime
    said: str
    verdict: str | None


@dataclass(frozen=True)
class AgendaRow:
    """An item before the session; `is_open`: the reader may have its content before them now."""

    text: TextRow
    version: int
    verdict: str | None
    is_own: bool
    is_open: bool
    verdicts: tuple[Verdict, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class MemberRow:
    """A member, when they confirmed being there, and when they signed the minutes as they stand.

    `is_there`: they confirmed it today, after the last item was put on the agenda. `is_able`: they hold the role."""

    staff_id: int
    name: str
    is_chair: bool
    confirmed_at: datetime | None
    is_there: bool
    is_able: bool
    signed_at: datetime | None


@dataclass(frozen=True)
class SessionPage:
    """One session; `digest` is that of the minutes, once there are any."""

    row: SessionRow
    revision: int
    opened_at: datetime
    closed_at: datetime | None
    members: tuple[MemberRow, ...]
    agenda: tuple[AgendaRow, ...]
    notes: tuple[Note, ...]
    digest: str
    asks_presence: bool

    @property
    def awaited(self) -> tuple[MemberRow, ...]:
        """Whose confirmation is awaited before all of the agenda is open: the chair's, or that of one of these."""
        missing = tuple(each for each in self.members if not each.is_there)
        if any(each.is_chair for each in missing):
            return tuple(each for each in missing if each.is_chair)
        return missing if len(self.members) - len(missing) < 2 else ()

    @property
    def n_decided(self) -> int:
        """Items on which there is a decision."""
        return sum(each.verdict is not None for each in self.agenda)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What can be decided on some item of the agenda."""
        return tuple(verdict for verdict in VERDICTS if any(verdict in each.verdicts for each in self.agenda))


def sessions(work: Work) -> list[SessionRow]:
    """Every session, the newest first."""
    rows = work.db.scalars(select(CommissionSession).order_by(CommissionSession.id.desc())).all()
    counts = _counts(work)
    return [_row(work, row, counts.get(row.id, 0)) for row in rows]


def unfinished(work: Work) -> list[SessionRow]:
    """Sessions in which the actor sits that are open or wait for signatures."""
    return [row for row in sessions(work) if row.is_member and row.state in ("open", "closed")]


def session_page(work: Work, session_id: int) -> SessionPage:
    """One session; what was said in it for its members alone."""
    session = find(work, session_id)
    row = _row(work, session, _counts(work).get(session.id, 0))
    notes = _notes(work, session) if row.is_member else {}
    decisions = work.db.scalars(
        select(CommissionDecision)
        .where(CommissionDecision.commission_session_id == session.id)
        .order_by(CommissionDecision.id)
    ).all()
    last = max((each.added_at for each in decisions), default=session.opened_at)
    members = tuple(_members(work, session, last))
    return SessionPage(
        row, session.revision, session.opened_at, session.closed_at, members,
        tuple(_agenda_row(work, each, notes.get(each.manuscript_id, ())) for each in decisions),
        notes.get(None, ()), document_of(work, session).digest if session.minutes_sealed else "",
        row.is_member and any(each.staff_id == work.actor.id and not each.is_there for each in members),
    )  # fmt: skip


def open_minutes(work: Work, session_id: int) -> tuple[CommissionSession, signing.Document]:
    """The minutes for one of the session's members; that they were opened stands in the journal."""
    session = find(work, session_id)
    if work.actor.id not in session.members:
        raise Denied("session_not_member", clause="CS-17")
    document = document_of(work, session)
    work.record("minutes_opened", place(session.id), clause="CS-17")
    return session, document


def _row(work: Work, session: CommissionSession, n_items: int) -> SessionRow:
    is_member = work.actor.id in session.members
    to_sign = session.state == "closed" and is_member
    if to_sign:
        under = signing.signatures_under(work, document_of(work, session))
        to_sign = all(each.staff_id != work.actor.id for each in under if each.is_valid)
    return SessionRow(
        session.id, session.subject, session.held_on, session.order_no, session.state, n_items, is_member, to_sign
    )


def _counts(work: Work) -> Mapping[int, int]:
    query = select(CommissionDecision.commission_session_id, func.count()).group_by(
        CommissionDecision.commission_session_id
    )
    return {row[0]: row[1] for row in work.db.execute(query)}


def _members(work: Work, session: CommissionSession, last: datetime) -> list[MemberRow]:
    under = signing.signatures_under(work, document_of(work, session)) if session.minutes_sealed else ()
    signed = {each.staff_id: each.signed_at for each in under if each.is_valid}
    names = staff_names(work, session.members)
    confirmed, able = presence.confirmed(work, session), still_hold(work, session.members, Role.COMMISSION)
    rows = [
        MemberRow(
            id_, name, id_ == session.chair_id, confirmed.get(id_),
            id_ in confirmed and presence.is_there(confirmed[id_], last, work.now), id_ in able, signed.get(id_),
        )
        for id_, name in names.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda each: (not each.is_chair, each.name))


def _notes(work: Work, session: CommissionSession) -> Mapping[int | None, tuple[Note, ...]]:
    query = select(CommissionNote).where(CommissionNote.commission_session_id == session.id)
    rows = work.db.scalars(query.order_by(CommissionNote.id)).all()
    names = staff_names(work, {row.author_id for row in rows})
    found: dict[int | None, tuple[Note, ...]] = {}
    for row in rows:
        said = unseal(work, session, row.place, row.body_sealed).decode()
        note = Note(names.get(row.author_id, ""), row.written_at, said, row.verdict)
        found[row.manuscript_id] = (*found.get(row.manuscript_id, ()), note)
    return found


def _agenda_row(work: Work, row: CommissionDecision, notes: tuple[Note, ...]) -> AgendaRow:
    manuscript = access.find(work, row.manuscript_id)
    text = text_row(work, manuscript)
    version = work.db.get_one(ItemVersion, manuscript.item_version_id)
    able = tuple(
        verdict for verdict in VERDICTS if may_decide(verdict, text.state, text.type, bool(text.withdrawn))
    )
    return AgendaRow(
        text, version.version, row.verdict, manuscript.author_id == work.actor.id, access.may_read(work, manuscript.id),
        able, notes,
    )  # fmt: skip
