"""Judgements on rooms, seats and the desk: documents, distances, cameras, observers.
Pure: facts in, Ruling out; documents and distances come from the edition. Lateness: server.delivery.rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Literal

from server.core.regulation import Rule, Ruling, require, rule
from server.core.terms import Named, codes, find, local_day


@dataclass(frozen=True, kw_only=True)
class Document(Named):
    """A kind of identity document and what must be seen on it."""

    needs: tuple[str, ...]


@dataclass(frozen=True)
class Double:
    """A sign that a document or a person is in two places: which sign, and where, if that is of this centre.

    Kinds: inside_elsewhere (the person sits in another room now), of_another (the document is another
    candidate's), shown_before (it was shown for somebody else)."""

    kind: str
    room: str = ""
    seat: str = ""


@dataclass(frozen=True, kw_only=True)
class DeskCase:
    """What the proctor sees at the desk: the list, the document, each thing checked on it, and doubles of it."""

    is_listed: bool
    is_list_sealed: bool
    document: str
    seen: Collection[str]
    doubles: Sequence[Double] = ()


@rule("identity_documents")
@dataclass(frozen=True, kw_only=True)
class IdentityRule(Rule):
    """Who is admitted: on the sealed list and with a document that carries all it must (DC-9)."""

    list_seal_required: bool
    documents: tuple[Document, ...]
    checks: tuple[Named, ...]

    def __post_init__(self) -> None:
        for each in self.documents:
            known = set(codes(self.checks))
            require(set(each.needs) <= known, "documents", f"{each.code} needs an unknown check")

    def judge(self, case: DeskCase) -> Ruling:
        """Whether the candidate is admitted."""
        facts: dict[str, object] = {"document": case.document, "seen": sorted(case.seen)}
        if case.doubles:
            facts["doubles"] = [[each.kind, each.room, each.seat] for each in case.doubles]
        if not case.is_listed:
            return self.refuse("not_on_list", **facts)
        if self.list_seal_required and not case.is_list_sealed:
            return self.refuse("list_not_sealed", **facts)
        document = find(self.documents, case.document)
        if document is None:
            return self.refuse("document_not_accepted", accepted=codes(self.documents), **facts)
        kinds = {each.kind for each in case.doubles}
        if "inside_elsewhere" in kinds:
            return self.refuse("person_inside_elsewhere", **facts)
        if "of_another" in kinds:
            return self.refuse("document_of_another", **facts)
        missing = [need for need in document.needs if need not in case.seen]
        if missing:
            return self.refuse("document_incomplete", missing=missing, **facts)
        return self.allow("identity_accepted", **facts)

    def judge_entry(self, doubles: Sequence[Double]) -> Ruling:
        """Whether the person may be let in: not while they are inside somewhere else."""
        if doubles:
            found = [[each.kind, each.room, each.seat] for each in doubles]
            return self.refuse("person_inside_elsewhere", doubles=found)
        return self.allow("person_outside")


@rule("desk_picture")
@dataclass(frozen=True, kw_only=True)
class DeskPictureRule(Rule):
    """Whether the desk may take a picture by camera, and how long it is kept (DC-9.picture)."""

    pictures: Literal["allowed", "off"]
    retention_days: int

    def judge(self) -> Ruling:
        """Whether a picture may be taken."""
        if self.pictures == "off":
            return self.refuse("desk_picture_off")
        return self.allow("desk_picture_allowed")

    def judge_removal(self, taken_at: datetime, now: datetime) -> Ruling:
        """Whether a picture may be removed now: not before the end of its last day."""
        until = local_day(taken_at, self.zone) + timedelta(days=self.retention_days)
        facts = {"taken_at": taken_at, "keep_until": until}
        if local_day(now, self.zone) <= until:
            return self.refuse("desk_picture_kept", **facts)
        return self.allow("desk_picture_removable", **facts)


@dataclass(frozen=True)
class Place:
    """A numbered seat, its position in millimetres and the school of who sits there, if anybody."""

    number: int
    x_mm: int
    y_mm: int
    school: str = ""


@rule("seating")
@dataclass(frozen=True, kw_only=True)
class SeatingRule(Rule):
    """How far apart seats stand and who sits next to whom (DC-10)."""

    spacing_min_mm: int
    spacing_max_mm: int
    beyond_maximum: Literal["remark", "refuse"]
    same_school: Literal["avoid", "forbid"]
    same_school_mm: int

    def __post_init__(self) -> None:
        require(self.spacing_min_mm <= self.spacing_max_mm, "spacing_min_mm", "above spacing_max_mm")

    def judge(self, places: Sequence[Place]) -> Ruling:
        """Whether seats are numbered once and stand neither too near nor, by policy, too far apart."""
        numbers = [place.number for place in places]
        near = _pairs(places, lambda one, other: _square(one, other) < self.spacing_min_mm**2)
        far = [place.number for place in places if len(places) > 1 and self._is_alone(place, places)]
        facts = {"too_near": near, "too_far": far, "spacing_min_mm": self.spacing_min_mm,
                 "spacing_max_mm": self.spacing_max_mm}
        if len(set(numbers)) < len(numbers):
            return self.refuse("seat_number_twice", **facts)
        if near:
            return self.refuse("seats_too_near", **facts)
        if far and self.beyond_maximum == "refuse":
            return self.refuse("seats_too_far", **facts)
        return self.allow("seats_spaced", **facts)

    def judge_plan(self, places: Sequence[Place]) -> Ruling:
        """Whether pupils of one school sit apart; where that is only to be avoided, the pairs are named."""
        near = self.same_school_mm**2
        pairs = _pairs(places, lambda one, other: bool(one.school) and one.school == other.school
                       and _square(one, other) <= near)
        if pairs and self.same_school == "forbid":
            return self.refuse("same_school_together", pairs=pairs)
        return self.allow("seated_with_remarks" if pairs else "seated_apart", pairs=pairs)

    def judge_seat(self, assigned: int, taken: int) -> Ruling:
        """Whether a candidate sits on the seat of the registration sheet."""
        if assigned == taken:
            return self.allow("seat_right", assigned=assigned)
        return self.refuse("seat_wrong", assigned=assigned, taken=taken)

    def _is_alone(self, place: Place, places: Sequence[Place]) -> bool:
        widest = self.spacing_max_mm**2
        return all(_square(place, other) > widest for other in places if other is not place)


@rule("cameras")
@dataclass(frozen=True, kw_only=True)
class CamerasRule(Rule):
    """Which rooms may be opened for a state test (VS-1)."""

    cameras_min: int
    waiver: tuple[Named, ...]

    def judge(self, working_cameras: int, waiver: Mapping[str, str] | None = None) -> Ruling:
        """Whether the room has its cameras, or a waiver with every field filled in."""
        facts = {"working_cameras": working_cameras, "cameras_min": self.cameras_min}
        if working_cameras >= self.cameras_min:
            return self.allow("room_watched", **facts)
        if waiver is None:
            return self.refuse("camera_missing", **facts)
        missing = [name for name in codes(self.waiver) if not waiver.get(name, "").strip()]
        if missing:
            return self.refuse("waiver_incomplete", missing=missing, **facts)
        return self.allow("room_waived", waiver={name: waiver[name] for name in codes(self.waiver)}, **facts)


@rule("observers")
@dataclass(frozen=True, kw_only=True)
class ObserversRule(Rule):
    """Who observes, what an observer sees, and whose presence approves a timetable (CS-3)."""

    kinds: tuple[Named, ...]
    kinds_min: int
    sees: tuple[str, ...]

    def __post_init__(self) -> None:
        require(self.kinds_min <= len(self.kinds), "kinds_min", "more than there are kinds")

    def judge(self, kind: str, view: str) -> Ruling:
        """Whether an observer of this kind may see that view."""
        if kind not in codes(self.kinds):
            return self.refuse("observer_unknown", kind=kind, kinds=codes(self.kinds))
        if view not in self.sees:
            return self.refuse("not_for_observers", kind=kind, view=view)
        return self.allow("observer_sees", kind=kind, view=view)

    def judge_timetable(self, kinds: Collection[str]) -> Ruling:
        """Whether enough kinds of outside observers took part in approving the timetable."""
        known = sorted(set(kinds) & set(codes(self.kinds)))
        if len(known) < self.kinds_min:
            return self.refuse("observers_too_few", kinds=known, kinds_min=self.kinds_min)
        return self.allow("timetable_approved", kinds=known)

    def judge_opening(self, order: str | None) -> Ruling:
        """Whether a room may be opened: by the order that approved its timetable, where observers must take part."""
        if order is None and self.kinds_min:
            return self.refuse("timetable_not_approved", kinds_min=self.kinds_min)
        return self.allow("timetable_stands", order=order)


def _square(one: Place, other: Place) -> int:
    # Squares of integers: no root, so that exactly one metre is not a hair less.
    return (one.x_mm - other.x_mm) ** 2 + (one.y_mm - other.y_mm) ** 2


def _pairs(places: Sequence[Place], near: Callable[[Place, Place], bool]) -> list[list[int]]:
    return [[one.number, other.number] for one, other in combinations(places, 2) if near(one, other)]
