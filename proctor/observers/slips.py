"""The slips that observers are handed: a number and a one-time code, where it was not used yet."""

from __future__ import annotations

from dataclasses import dataclass

from proctor.observers.models import Observer
from proctor.observers.queries import ObserverRef, observers_of
from proctor.observers.service import code_of, number_of
from server.core.work import Work


@dataclass(frozen=True)
class ObserverSlip:
    """What an observer is handed; no code once it was used."""

    observer: ObserverRef
    number: str
    code: str | None


def slips_of(work: Work, room_sitting_id: int) -> list[ObserverSlip]:
    """A slip for each observer of the room; that codes were shown is on record."""
    present = [each for each in observers_of(work, room_sitting_id) if each.withdrawn_at is None]
    found = [ObserverSlip(each, number_of(each.id), _code(work, each)) for each in present]
    shown = [each.observer.id for each in found if each.code is not None]
    work.record("observer:slips-shown", f"room_sitting:{room_sitting_id}", clause="CS-3", observers=shown)
    return found


def _code(work: Work, who: ObserverRef) -> str | None:
    return None if who.signed_in_at else code_of(work.vault, work.db.get_one(Observer, who.id))
