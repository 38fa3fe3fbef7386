"""Proof of the commission's sessions: minutes and notes open at their places, the rows say what the signed minutes
say, and each item went where they sent it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from itembank.authoring import access
from itembank.authoring.commission.board import VERDICTS
from itembank.authoring.commission.machine import SESSION
from itembank.authoring.commission.minutes import content_of, document_of, place
from itembank.authoring.machine import MANUSCRIPT
from itembank.authoring.models import CommissionNote, CommissionSession, Manuscript
from itembank.items.proof import opening_faults
from server.accounts import signing
from server.core.journal import entries_on
from server.core.machine import Transition, moves_of
from server.core.work import Work

# What a decision does to an item, by the verbs of its moves; a rework begins another text and moves nothing.
VERBS: Mapping[str, tuple[str, ...]] = {
    "approve": ("approve", "approve_written"), "rest": ("rest",), "retire": ("retire",), "rework": (),
    "wake": ("wake_pretest", "wake_calibrated", "wake_approved"),
}  # fmt: skip


def session_faults(work: Work, ids: Collection[int]) -> Iterator[str]:
    """One sentence for each thing in these sessions that was changed."""
    moves = {move.row_id: move for move in moves_of(work.db, SESSION.name, ids)}
    for row in work.db.execute(select(CommissionSession).where(CommissionSession.id.in_(ids))).scalars():
        notes = select(CommissionNote).where(CommissionNote.commission_session_id == row.id)
        sealed = {each.place: each.body_sealed for each in work.db.execute(notes).scalars()}
        sealed |= {"minutes": row.minutes_sealed} if row.minutes_sealed is not None else {}
        faults = list(opening_faults(work, row.data_key, place(row.id), sealed))
        yield from faults
        last = moves.get(row.id)
        if row.state != (last.to_state if last else "open"):
            yield f"{place(row.id)}: it is {row.state}, its last move led elsewhere"
        if row.minutes_sealed is not None and not faults:
            document = document_of(work, row)
            yield from (f"{place(row.id)}: {each}" for each in _of_minutes(work, row, document))


def _of_minutes(work: Work, session: CommissionSession, document: signing.Document) -> Iterator[str]:
    minutes: Any = document.content
    yield from _differences(minutes, content_of(work, session))
    under = signing.signatures_under(work, document)
    yield from (f"the signature of {each.name} does not fit" for each in under if not each.is_valid)
    if session.state == "in_force":
        if session.chair_id not in {each.staff_id for each in under if each.is_valid}:
            yield "it is in force, and its chair has not signed"
        for each in minutes["items"]:
            yield from _consequence(work, session, each)
    yield from _unfounded(work, session, minutes)


def _differences(minutes: Mapping[str, Any], rows: Mapping[str, Any]) -> Iterator[str]:
    """What the rows say otherwise than the minutes. Codes and decisions are told, reasons and notes are not."""
    for what in ("subject", "held_on", "order_no"):
        if minutes[what] != rows[what]:
            yield f"the minutes say {what} {minutes[what]}, the row {rows[what]}"
    if _seats(minutes) != _seats(rows):
        yield "the members of the minutes are not those of the row"
    said, found = _by_manuscript(minutes), _by_manuscript(rows)
    for id_ in sorted(said.keys() | found.keys()):
        yield from _item_differences(said.get(id_), found.get(id_))
    if [_words(each) for each in minutes["notes"]] != [_words(each) for each in rows["notes"]]:
        yield "the notes of the minutes are not those that were written"


def _item_differences(said: Mapping[str, Any] | None, found: Mapping[str, Any] | None) -> Iterator[str]:
    if said is None or found is None:
        code = (said or found or {})["code"]
        yield f"item {code} is {'not in the minutes, and on the agenda' if found else 'in the minutes, and gone'}"
        return
    for what in ("code", "version", "verdict"):
        if said[what] != found[what]:
            yield f"item {said['code']}: the minutes say {what} {said[what]}, the row {found[what]}"
    for what, name in (("reason", "the reason"), ("sealed", "the content that was decided on")):
        if said[what] != found[what]:
            yield f"item {said['code']}: {name} is not what the minutes say"


def _consequence(work: Work, session: CommissionSession, said: Mapping[str, Any]) -> Iterator[str]:
    """An item on which minutes in force decided was moved by them, or the journal says what came between."""
    if said["verdict"] not in VERDICTS or _lines(work, session, said["code"], "decision_overtaken"):
        return
    if said["verdict"] == "rework":
        row = access.find(work, said["manuscript"])
        later = select(Manuscript.id).where(Manuscript.item_id == row.item_id, Manuscript.number > row.number)
        followed = work.db.execute(later.limit(1)).first() is not None
    else:
        moved = moves_of(work.db, MANUSCRIPT.name, [said["manuscript"]])
        followed = any(each.reason == place(session.id) and each.verb in VERBS[said["verdict"]] for each in moved)
    if not followed:
        yield f"item {said['code']}: the minutes say verdict {said['verdict']}, and nothing followed"


def _unfounded(work: Work, session: CommissionSession, minutes: Mapping[str, Any]) -> Iterator[str]:
    """Nothing was moved in the name of the session that its minutes, in force, did not decide."""
    query = select(Transition).where(Transition.machine == MANUSCRIPT.name, Transition.reason == place(session.id))
    said = _by_manuscript(minutes) if session.state == "in_force" else {}
    for move in work.db.execute(query).scalars():
        if move.verb not in VERBS.get(str(said.get(move.row_id, {}).get("verdict")), ()):
            yield f"manuscript:{move.row_id}: {move.verb} in its name, which its minutes did not decide"


def _lines(work: Work, session: CommissionSession, code: str, act: str) -> bool:
    return any(
        each.act == act and each.facts.get("commission_session") == session.id
        for each in entries_on(work.db, f"item:{code}")
    )


def _seats(content: Mapping[str, Any]) -> set[tuple[int, bool]]:
    return {(each["staff_id"], each["is_chair"]) for each in content["members"]}


def _by_manuscript(content: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    return {each["manuscript"]: each for each in content["items"]}


def _words(note: Mapping[str, Any]) -> tuple[object, ...]:
    return note["manuscript"], note["at"], note["said"]
