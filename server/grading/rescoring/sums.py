"""An effect in sums, as it is shown and signed: how many, how far, from which grade to which, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import floor
from typing import Any

from server.core.work import Work
from server.grading.rescoring.effect import Change
from server.grading.rescoring.standing import Ground, strictest_rule

BIN = 0.5  # of a percent: the width of a bar
WIDEST = 30  # percents; what changes by more stands in the outermost bar


def summary_of(work: Work, ground: Ground, found: Sequence[Change]) -> dict[str, Any]:
    """The sums of an effect, as JSON."""
    graded, moved = ground.graded, [each for each in found if not each.is_kept]
    deltas = [_delta(each) for each in moved]
    return {
        "n_met": len(ground.sections),
        "n_graded": len(graded),
        "n_pretest": sum(each.is_pretest for each in ground.sections),
        "n_at_work": sum(each.state not in FINISHED for each in ground.sections),
        "n_ungraded": sum(each.state in FINISHED and not each.is_pretest and each.section_id not in ground.stands
                          for each in ground.sections),
        "n_same": len(graded) - len(found),
        "n_up": sum(delta > 0 for delta in deltas),
        "n_down": sum(delta < 0 for delta in deltas),
        "n_level": sum(delta == 0 for delta in deltas),
        "n_kept": sum(each.is_kept and each.problem is None for each in found),
        "problems": sorted(Counter(each.problem for each in found if each.problem).items()),
        "rights_gained": len({each.session_id for each in moved if each.right_after and not each.right_before}),
        "rights_lost": len({each.session_id for each in moved if each.right_before and not each.right_after}),
        "highest": max(deltas, default=0.0),
        "lowest": min(deltas, default=0.0),
        "grades": _grades(moved),
        "bars": _bars(deltas),
        "centres": _groups(ground, found, "centre_id"),
        "languages": _groups(ground, found, "language"),
        "sittings": sorted({each.sitting_id for each in graded}),
        "n_told": len(ground.told),
        "signatures": strictest_rule(work, ground.policies).signatures,
    }  # fmt: skip


FINISHED = ("submitted", "removed", "absent")


def _delta(change: Change) -> float:
    assert change.after is not None
    return float(change.after["percent"]) - change.percent_before


def _grades(moved: Sequence[Change]) -> list[list[Any]]:
    """From which grade to which, and how many, where it is another one."""
    counted = Counter((each.grade_before, each.grade_after) for each in moved if each.grade_before != each.grade_after)
    return [[before, after, n] for (before, after), n in sorted(counted.items())]


def _bars(deltas: Sequence[float]) -> list[list[float]]:
    """How many change by how much: the middle of each bar, and its height."""
    widest = WIDEST / BIN
    counted = Counter(min(max(floor(delta / BIN), -widest), widest - 1) for delta in deltas)
    return [[(at + 0.5) * BIN, n] for at, n in sorted(counted.items())]


def _groups(ground: Ground, found: Sequence[Change], name: str) -> list[list[Any]]:
    """Of each centre or language: how many have a score, go up, go down, get a better grade, a worse one."""
    place = {each.section_id: getattr(each, name) for each in ground.graded}
    rows: dict[Any, list[int]] = {group: [n, 0, 0, 0, 0] for group, n in Counter(place.values()).items()}
    for each in found:
        if each.is_kept:
            continue
        row, delta = rows[place[each.section_id]], _delta(each)
        row[1] += delta > 0
        row[2] += delta < 0
        if each.grade_before != each.grade_after:
            row[3] += delta > 0
            row[4] += delta < 0
    return [[group, *row] for group, row in sorted(rows.items(), key=lambda each: str(each[0]))]
