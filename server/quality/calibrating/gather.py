"""The answers that a calibration asks for, as arrays: who is left out, and which groups persons belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from itembank.calibrations.analysis import Column, Material
from itembank.calibrations.analysis.material import Tell, Unfit
from itembank.calibrations.recording import columns_for, option_number
from itembank.calibrations.spec import Spec
from server import accounts, candidates, delivery
from server.core.roles import SYSTEM
from server.core.work import Platform, Work, open_reading
from server.delivery import SessionRef
from server.delivery.answered import Answered, answers
from server.delivery.queries import sealed_until
from server.grading.queries import held_sessions

CHUNK = 200  # sessions opened in one reading; between two the page is told how far it is
COUNTED = ("submitted",)  # a session ended by removal is void (DC-15); one that was not ended is no test
NEVER_MIND = frozenset({"marks_awaited"})  # of the written tasks alone


@dataclass
class _Rows:
    """Persons with their groups, and their answers as they are found: person, answer."""

    languages: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    sexes: list[str] = field(default_factory=list)
    answers: list[tuple[int, Answered]] = field(default_factory=list)


def gather(platform: Platform, spec: Spec, tell: Tell) -> tuple[Material, dict[str, int]]:
    """The material, persons in the order of their sessions, and how many sessions were left out for what."""
    with open_reading(platform, SYSTEM) as work:
        wanted, left_out = _sessions(work, spec)
        regions = {centre: _region(work, centre) for centre in sorted({each.centre_id for each in wanted})}
        sexes = candidates.queries.sexes(work, [each.registration_id for each in wanted])
    found = _Rows()
    for at in range(0, len(wanted), CHUNK):
        tell("gathering", at, len(wanted))
        with open_reading(platform, SYSTEM) as work:
            _add(work, spec, wanted[at : at + CHUNK], regions, sexes, found)
    if not found.languages:
        raise Unfit("calibration_no_answers")
    with open_reading(platform, SYSTEM) as work:
        columns = columns_for(work, spec, {each.item_version_id for _person, each in found.answers})
    return _material(columns, found), left_out


def _sessions(work: Work, spec: Spec) -> tuple[list[SessionRef], dict[str, int]]:
    """The sessions whose answers count, in the order of their ids."""
    counted: list[SessionRef] = []
    left_out: Counter[str] = Counter()
    for sitting_id in sorted(spec.sittings):
        refs = delivery.sessions_of_sitting(work, sitting_id)
        doubtful = held_sessions(work, [each.id for each in refs], NEVER_MIND)
        sealed = sealed_until(work, [each.id for each in refs], spec.until)
        for each in refs:
            why = _why_not(each, each.id in sealed, each.id in doubtful)
            if why is None:
                counted.append(each)
            elif why != "not_yet":
                left_out[why] += 1
    return sorted(counted, key=lambda each: each.id), dict(left_out)


def _why_not(session: SessionRef, is_sealed: bool, is_held: bool) -> str | None:
    """Why the answers of a session do not count; None if they do."""
    if session.state == "removed":
        return "removed"
    if session.state not in COUNTED or not is_sealed:
        return "not_yet"
    return "held" if is_held else None


def _region(work: Work, centre_id: int) -> str:
    """The code of the department a centre belongs to; unknown where it has none."""
    parent_id = accounts.organisation_of(work, centre_id).parent_id
    return "" if parent_id is None else accounts.organisation_of(work, parent_id).code


def _add(
    work: Work, spec: Spec, sessions: Sequence[SessionRef], regions: Mapping[int, str], sexes: Mapping[int, str],
    found: _Rows,
) -> None:  # fmt: skip
    """The answers of these sessions; one not reached says nothing, one left blank was wrong."""
    refs = {each.id: each for each in sessions}
    of_session = groupby(answers(work, sorted(refs), spec.subject), key=lambda each: each.session_id)
    for session_id, given in of_session:
        person = len(found.languages)
        rows = list(given)
        found.languages.append(rows[0].language)
        found.regions.append(regions[refs[session_id].centre_id])
        found.sexes.append(sexes.get(refs[session_id].registration_id, ""))
        found.answers += [(person, each) for each in rows]


def _material(columns: Sequence[Column], found: _Rows) -> Material:
    place = {column.item_version_id: at for at, column in enumerate(columns)}
    shape = (len(found.languages), len(columns))
    x, chosen, seconds = (np.full(shape, np.nan) for _ in range(3))
    for person, each in found.answers:
        if each.item_version_id in place:
            at = place[each.item_version_id]
            x[person, at], seconds[person, at] = each.score, each.spent_ms / 1000 if each.spent_ms > 0 else np.nan
            chosen[person, at] = option_number(each.option, columns[at].n_options)
    groups = {"language": tuple(found.languages), "region": tuple(found.regions), "sex": tuple(found.sexes)}
    return Material(tuple(columns), x, chosen, seconds, groups)
