"""The report of a room sitting: its hours, who sat and how it ended for each, what happened, and the seals' digests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime

from proctor.incidents.papers import losses
from proctor.irregularities.queries import open_irregularities
from proctor.irregularities.rules import ViolationsRule
from proctor.monitoring.departures import departures_by_session
from proctor.observers.queries import remarks_in
from proctor.rooms.notes import short_briefing
from proctor.rooms.papers.attendance import absent, arrival, counts, document
from proctor.rooms.papers.setting import Setting, Sitter
from proctor.rooms.papers.signatures import closing_signatures
from proctor.rooms.signed import handovers_of
from server import accounts
from server.core.i18n import _, language, ngettext
from server.core.machine import Move, moves_of
from server.core.paper import Paper
from server.core.paper.blocks import Block, Facts, Heading, Signatures, Table, Text
from server.core.ruling import Ruling
from server.core.terms import find
from server.core.work import Work
from server.delivery.service.sealing import seal_digests


@dataclass(frozen=True)
class Happening:
    """One line of what happened."""

    at: datetime
    whom: str
    what: str
    why: str
    who: str


def report(work: Work, setting: Setting) -> Paper:
    """The report as it now stands; before the room is closed it says that it is not final."""
    ids = [each.session.id for each in setting.sitters]
    made = moves_of(work.db, "exam_session", ids)
    opened = moves_of(work.db, "room_sitting", [setting.room.id])
    not_final = Text(_("The room is not closed yet: this report is not final."))
    return setting.paper(
        _("Report of the room"),
        *(() if setting.room.state == "closed" else (not_final,)),
        Facts((*setting.facts(), *_hours(setting, opened))),
        Facts(counts(setting)),
        Heading(_("Candidates")),
        _candidates(setting, made),
        *_happenings(work, setting, made),
        *_remarks(work, setting),
        *_seals(work, setting, ids),
        *_handovers(work, setting),
        Heading(_("Signatures")),
        *closing_signatures(work, setting),
        Signatures((*setting.proctors(), (_("Head of the test centre"), "")), _("signature, date")),
        is_wide=True,
    )


def _hours(setting: Setting, opened: list[Move]) -> tuple[tuple[str, str], ...]:
    room = setting.room
    first = next((move.at for move in opened if move.verb == "open"), None)
    hours = (
        (_("Room opened"), first), (_("Test started"), room.started_at), (_("Latecomers until"), room.late_until),
        (_("Planned end"), room.ends_at), (_("Room closed"), room.closed_at),
    )  # fmt: skip
    start = next((move.ruling for move in opened if move.verb == "start" and move.ruling), None)
    short = short_briefing(Ruling.from_json(start)) if start else None
    said = ((_("Briefing"), short),) if short else ()
    return (*((name, setting.clock(at, "HH:mm:ss") or "–") for name, at in hours), *said)


def _candidates(setting: Setting, made: list[Move]) -> Table:
    ended = {move.row_id: move for move in made if move.verb in ("submit", "expire", "remove")}
    head = (_("Seat"), _("Registration number"), _("Name"), _("Document seen"), _("Arrival"), _("Outcome"),
            _("Ended"))  # fmt: skip
    rows = tuple(
        (each.seat.number, each.number, each.session.name, document(setting, each), arrival(setting, each),
         _outcome(each, ended.get(each.session.id)),
         setting.clock(ended[each.session.id].at, "HH:mm:ss") if each.session.id in ended else "")
        for each in setting.sitters
    )  # fmt: skip
    return Table(head, rows, (0, 0, 3, 2, 2, 2, 0))


def _outcome(sitter: Sitter, end: Move | None) -> str:
    refused = sitter.check is not None and sitter.check.verdict == "refused" and sitter.admission is None
    state = sitter.session.state
    if refused and state in ("expected", "absent"):
        return _("refused at the desk")
    if state == "submitted":
        return _("finished by the clock") if end and end.verb == "expire" else _("finished")
    words = {
        "expected": _("not come yet"), "admitted": _("admitted"), "running": _("at work"), "paused": _("paused"),
        "removed": _("removed with a protocol"), "absent": absent(sitter),
    }  # fmt: skip
    return words[state]


def _happenings(work: Work, setting: Setting, made: list[Move]) -> Iterable[Block]:
    names = {each.session.id: each.session.name for each in setting.sitters}
    lost = [Happening(*astuple(each)) for each in losses(work, setting.room.id, names, setting.sitting.edition)]
    found = sorted((*_pauses(setting, made, work), *_violations(work, setting), *lost, *_left(work, names)),
                   key=lambda each: each.at)  # fmt: skip
    rows = tuple((setting.clock(h.at, "HH:mm:ss"), h.whom, h.what, h.why, h.who) for h in found)
    head = (_("Time"), _("Candidate"), _("What happened"), _("Reason"), _("By"))
    nothing = Text(_("No pause, no incident, no warning, no removal."))
    return Heading(_("What happened")), Table(head, rows, (0, 2, 2, 3, 2)) if rows else nothing


def _left(work: Work, names: dict[int, str]) -> Iterable[Happening]:
    """One line for each who left the test's window, not one for each time."""
    for session_id, left in departures_by_session(work, names).items():
        why = ngettext("%(n)s time, %(seconds)s s in all", "%(n)s times, %(seconds)s s in all", len(left),
                       seconds=sum(each.away_s or 0 for each in left))  # fmt: skip
        yield Happening(left[0].at, names[session_id], _("left the test window"), why, "")


def _pauses(setting: Setting, made: list[Move], work: Work) -> Iterable[Happening]:
    words = {"pause": _("pause begins"), "resume": _("pause ends")}
    names = {each.session.id: each.session.name for each in setting.sitters}
    staff = accounts.staff_names(work, {_staff_id(move) for move in made} - {0})
    # A whole room that was held up is one line, not forty.
    together: dict[tuple[datetime, str, str, str], list[str]] = {}
    for move in made:
        if move.verb in words:
            act = (move.at, words[move.verb], move.reason or "", staff.get(_staff_id(move), move.actor))
            together.setdefault(act, []).append(names[move.row_id])
    for (at, what, why, by), whom in together.items():
        who = whom[0] if len(whom) == 1 else ngettext("%(n)s candidate", "%(n)s candidates", len(whom))
        yield Happening(at, who, what, why, by)


def _staff_id(move: Move) -> int:
    kind, _colon, number = move.actor.partition(":")
    return int(number) if kind == "staff" and number.isdecimal() else 0


def _violations(work: Work, setting: Setting) -> Iterable[Happening]:
    words = {"warning": _("warning"), "pause": _("warning and pause"), "removal": _("removal")}
    catalogue = setting.sitting.edition.get("DC-15", ViolationsRule).violations
    for each in setting.sitters:
        if not each.tally.warnings and not each.tally.is_removed:
            continue
        for found in open_irregularities(work, each.session.id):
            act = find(catalogue, found.violation)
            staff = accounts.staff_names(work, [found.reported_by])
            yield Happening(
                found.reported_at, each.session.name, f"{words[found.consequence]} ({found.clause})",
                act.title(language()) if act else found.violation, staff.get(found.reported_by, ""),
            )  # fmt: skip


def _handovers(work: Work, setting: Setting) -> Iterable[Block]:
    words = {"temporary": _("for a time"), "final": _("for good")}
    rows = tuple(
        (setting.clock(each.handed_at, "HH:mm:ss"), each.giver, each.taker, words[each.kind],
         _("%(running)s at work, %(paused)s paused, %(unsigned)s protocols not signed. %(notes)s",
           running=each.standing["running"], paused=each.standing["paused"],
           unsigned=each.standing["protocols_unsigned"], notes=each.notes),
         _("PIN of both") if sum(one.is_valid for one in each.signatures) == len(words) else _("not valid"))
        for each in handovers_of(work, setting.room.id)
    )  # fmt: skip
    if not rows:
        return ()
    head = (_("Time"), _("Handed over by"), _("Taken by"), _("For how long"), _("How it stood"), _("Signed by"))
    return Heading(_("Handovers")), Table(head, rows, (0, 2, 2, 1, 4, 1))


def _remarks(work: Work, setting: Setting) -> Iterable[Block]:
    found = remarks_in(work, setting.room.id)
    if not found:
        return ()
    head = (_("Time"), _("Observer"), _("Remark"))
    rows = tuple((setting.clock(each.made_at, "HH:mm:ss"), f"{each.observer}, {each.kind}", each.text)
                 for each in found)  # fmt: skip
    return Heading(_("Remarks of observers")), Table(head, rows, (0, 2, 4))


def _seals(work: Work, setting: Setting, ids: list[int]) -> Iterable[Block]:
    digests = seal_digests(work, ids)
    rows = tuple((each.number, each.session.form_no, digests[each.session.id])
                 for each in setting.sitters if each.session.id in digests)  # fmt: skip
    if not rows:
        return ()
    head = (_("Registration number"), _("Form (CS-14.3)"), _("Digest under the centre's seal (DC-14)"))
    return Heading(_("Seals")), Table(head, rows, (1, 1, 4))
