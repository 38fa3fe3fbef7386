"""Who marks which work is drawn by lot: of those who may, among the ones with the fewest works; the seed is kept."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, Select, insert, select

from irt.draws import Draws
from server import accounts, candidates
from server.accounts.queries import organisation_ids, still_hold
from server.core.db import batches
from server.core.roles import Role
from server.core.work import Work
from server.delivery.written import centres_of
from server.marking.calls import Call, standing_calls
from server.marking.models import Allotment, GivenBack, Mark, Marking, MarkingDraw, MarkingTask, WrittenWork
from server.marking.queries import standings

SEED_BITS = 63
TURNS, THIRD = (1, 2), 3
BACK = select(GivenBack.allotment_id)


@dataclass(frozen=True)
class Need:
    """A work that waits for a marker: for which turn, whom it may not be, and the allotment it replaces."""

    work_id: int
    turn: int
    subject: str
    language: str
    barred: frozenset[int]
    supersedes_id: int | None = None


@dataclass(frozen=True)
class Held:
    """An allotment of a work, given back or not."""

    id: int
    turn: int
    staff_id: int
    is_live: bool


def by_lot(
    seed: int, needs: Sequence[Need], calls: Mapping[int, Call], loads: Mapping[int, int]
) -> dict[Need, int]:
    """Who is to mark what: the works in a drawn order, each to a drawn one of those who have the fewest so far.

    The same seed, needs and loads give the same draw. A work nobody may mark is left out."""
    carried = {staff_id: loads.get(staff_id, 0) for staff_id in sorted(calls)}
    taken: dict[int, set[int]] = defaultdict(set)
    found: dict[Need, int] = {}
    draws = Draws(seed, 0)
    for at in draws.order(len(needs)):
        need = needs[at]
        closed = need.barred | taken[need.work_id]
        able = [
            id_ for id_ in carried if id_ not in closed and calls[id_].covers(need.subject, need.language)
        ]
        if not able:
            continue
        least = min(carried[id_] for id_ in able)
        light = [id_ for id_ in able if carried[id_] == least]
        chosen = light[draws.below(len(light))]
        carried[chosen] += 1
        taken[need.work_id].add(chosen)
        found[need] = chosen
    _level(found, calls, carried, taken)
    return found


def _level(
    found: dict[Need, int], calls: Mapping[int, Call], carried: dict[int, int], taken: Mapping[int, set[int]]
) -> None:  # fmt: skip
    """Nobody is left with two works more than somebody who might have one of them: it goes over, the first first.

    Works drawn late may find the lightest barred by the other turn of the same work; each move lessens the spread."""
    while (move := _move(found, calls, carried, taken)) is not None:
        need, to = move
        taken[need.work_id].symmetric_difference_update({found[need], to})
        carried[found[need]] -= 1
        carried[to] += 1
        found[need] = to


def _move(
    found: Mapping[Need, int], calls: Mapping[int, Call], carried: Mapping[int, int], taken: Mapping[int, set[int]]
) -> tuple[Need, int] | None:  # fmt: skip
    lightest_first = sorted(carried, key=lambda id_: (carried[id_], id_))
    for need, holder in found.items():
        for id_ in lightest_first:
            if carried[holder] - carried[id_] < 2:
                break
            is_free = id_ not in need.barred | taken[need.work_id]
            if is_free and calls[id_].covers(need.subject, need.language):
                return need, id_
    return None


def lock(work: Work, marking_id: int | ScalarSelect[int]) -> None:
    """Nobody else draws, marks, gives back, is called or released in this marking until this work has ended."""
    work.db.execute(select(Marking.id).where(Marking.id == marking_id).with_for_update())


def draw(work: Work, marking: Marking, work_ids: Collection[int] | None = None) -> int:
    """Every work that waits for a marker has one, if anybody may mark it; how many are left without."""
    lock(work, marking.id)  # before counting: of two draws at once the second sees what the first gave
    calls = standing_calls(work, marking.id)
    active = still_hold(work, calls, Role.MARKER)
    calls = {id_: call for id_, call in calls.items() if id_ in active}
    wanted = select(WrittenWork.id).where(WrittenWork.marking_id == marking.id)
    needs = [need for part in _parts(work, wanted, work_ids) for need in _needs(work, part, calls)]
    if not needs:
        return 0
    seed, loads = secrets.randbits(SEED_BITS), loads_of(work, marking.id)
    found = by_lot(seed, needs, calls, loads)
    if found:
        _keep(work, marking, seed, found, {id_: loads.get(id_, 0) for id_ in calls})
    return (
        len({need.work_id for need in needs} - {need.work_id for need in found})
        if len(found) < len(needs)
        else 0
    )


def loads_of(work: Work, marking_id: int) -> dict[int, int]:
    """Staff id → how many works were drawn for each and not given back."""
    live = (
        select(Allotment.staff_id)
        .join(WrittenWork, WrittenWork.id == Allotment.work_id)
        .where(WrittenWork.marking_id == marking_id, Allotment.id.not_in(BACK))
    )
    return dict(Counter(work.db.scalars(live)))


def unmarked_of(work: Work, marking_id: int, staff_id: int) -> list[int]:
    """The allotments of a marker that wait for their mark."""
    marked = select(Mark.allotment_id).where(Mark.allotment_id.is_not(None))
    query = (
        select(Allotment.id)
        .join(WrittenWork, WrittenWork.id == Allotment.work_id)
        .where(WrittenWork.marking_id == marking_id, Allotment.staff_id == staff_id, Allotment.id.not_in(BACK),
               Allotment.id.not_in(marked))
        .order_by(Allotment.id)
    )  # fmt: skip
    return list(work.db.scalars(query))


def _parts(work: Work, wanted: Select[int], work_ids: Collection[int] | None) -> Iterator[list[int]]:
    return batches(list(work.db.scalars(wanted)) if work_ids is None else work_ids)


def _needs(work: Work, work_ids: list[int], calls: Mapping[int, Call]) -> Iterator[Need]:
    """What these works wait for, in the order of their ids."""
    held = _held(work, work_ids)
    third = {
        each.work_id
        for each in standings(work, select(WrittenWork.id).where(WrittenWork.id.in_(work_ids)))
        if not each.is_of_appeal and each.ruling.code == "third_marker_needed"
    }
    rows = work.db.execute(
        select(WrittenWork.id, WrittenWork.session_id, WrittenWork.language, MarkingTask.subject)
        .join(MarkingTask, MarkingTask.id == WrittenWork.task_id)
        .where(WrittenWork.id.in_(work_ids))
        .order_by(WrittenWork.id)
    ).all()
    near = _near(work, {row.session_id for row in rows}, calls)
    for row in rows:
        had = held[row.id]
        for turn in (*TURNS, THIRD) if row.id in third else TURNS:
            if not any(each.turn == turn and each.is_live for each in had):
                before = [each.id for each in had if each.turn == turn]
                barred = frozenset(each.staff_id for each in had) | near[row.session_id]
                yield Need(row.id, turn, row.subject, row.language, barred, max(before, default=None))


def _held(work: Work, work_ids: list[int]) -> dict[int, list[Held]]:
    rows = work.db.execute(
        select(
            Allotment.id, Allotment.work_id, Allotment.turn, Allotment.staff_id, GivenBack.id.label("back")
        )
        .outerjoin(GivenBack, GivenBack.allotment_id == Allotment.id)
        .where(Allotment.work_id.in_(work_ids))
    )
    found: dict[int, list[Held]] = defaultdict(list)
    for row in rows:
        found[row.work_id].append(Held(row.id, row.turn, row.staff_id, row.back is None))
    return found


def _near(work: Work, session_ids: Iterable[int], calls: Mapping[int, Call]) -> dict[int, frozenset[int]]:
    """By session the markers of the candidate's own school, centre and department: they mark no work of theirs."""
    places = centres_of(work, list(session_ids))
    schools = {
        who.id: who.school_id for who in candidates.registrations(work, {r for _c, r in places.values()})
    }
    homes = organisation_ids(work, calls)
    found = {}
    for session_id, (centre_id, registration_id) in places.items():
        own = {centre_id, schools.get(registration_id), accounts.organisation_of(work, centre_id).parent_id}
        found[session_id] = frozenset(id_ for id_, home in homes.items() if home in own)
    return found


def _keep(
    work: Work, marking: Marking, seed: int, found: Mapping[Need, int], loads: Mapping[int, int]
) -> None:
    drawn = MarkingDraw(
        marking_id=marking.id, seed=seed, n_works=len(found), drawn_at=work.now,
        loads={str(id_): n for id_, n in loads.items()},
    )  # fmt: skip
    work.db.add(drawn)
    work.db.flush()  # what was drawn refers to its id
    rows = [
        {"draw_id": drawn.id, "work_id": need.work_id, "staff_id": staff_id, "turn": need.turn,
         "supersedes_id": need.supersedes_id}
        for need, staff_id in found.items()
    ]  # fmt: skip
    work.db.execute(insert(Allotment), rows)
    work.record(
        "marking:drawn", f"sitting:{marking.sitting_id}", clause="CS-14.2", draw_id=drawn.id, n_works=len(rows),
    )  # fmt: skip
