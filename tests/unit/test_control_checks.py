"""The checks before release: who copied, knew, rushed or rose is asked about, and honest candidates are left alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from irt.ability import Grid, LogLikTable
from irt.models import Items, prob
from server.core.regulation import load_edition
from server.grading.control.checks import (
    Answer,
    Draft,
    Group,
    Pair,
    Sheet,
    Tables,
    alike,
    jumps,
    misfits,
    rushed,
)
from server.grading.control.rules import ReleaseControlRule

POOL, N = 7, 60
RULE = load_edition("kg-distinction", "2013").get("DC-22.control", ReleaseControlRule)



@pytest.fixture(scope="module")
def items() -> Items:
    rng = np.random.default_rng(1)
    return Items(rng.lognormal(0.2, 0.3, N), rng.normal(size=N), np.full(N, 0.2), np.ones(N))


@pytest.fixture(scope="module")
def tables(items: Items) -> dict[int, Tables]:
    return {POOL: Tables(items, LogLikTable.of(items, Grid()))}


@pytest.fixture(scope="module")
def hall(items: Items) -> list[Sheet]:
    """Three hundred honest candidates, each with 30 of the 60 items in an order of their own."""
    rng = np.random.default_rng(2)
    return [honest(n, items, rng) for n in range(300)]


def honest(session: int, items: Items, rng: np.random.Generator) -> Sheet:
    theta = float(rng.normal())
    given = rng.permutation(N)[:30]
    is_right = rng.random(30) < prob(theta, items)[0][given]
    wrong = rng.choice(["b", "c", "d"], 30, p=[0.5, 0.3, 0.2])
    times = rng.lognormal(3.3, 0.4, 30)
    return Sheet(session, session, "mathematics", theta, tuple(
        Answer((POOL, int(item)), seq, int(ok), "a" if ok else str(said), False, float(s))
        for seq, (item, ok, said, s) in enumerate(zip(given, is_right, wrong, times, strict=True), 1)
    ))  # fmt: skip


def pairs(tests: Sequence[Sheet]) -> list[Pair]:
    return [Pair((one.session_id, two.session_id), 1.2) for one, two in zip(tests[::2], tests[1::2], strict=True)]


def found(drafts: Iterator[Draft]) -> set[tuple[int, ...]]:
    return {each.sessions for each in drafts}


def copied(one: Sheet, two: Sheet, part: float, rng: np.random.Generator) -> Sheet:
    """The second one's answers to common tasks stand in the first one's test, as many as they looked at."""
    theirs = {answer.item: answer for answer in two.answers}
    return replace(one, answers=tuple(
        replace(a, said=theirs[a.item].said, score=theirs[a.item].score)
        if a.item in theirs and rng.random() < part else a for a in one.answers
    ))  # fmt: skip


def test_neighbours_who_copied_are_found_and_no_others(hall: list[Sheet], tables: dict[int, Tables]) -> None:
    rng = np.random.default_rng(3)
    assert found(alike(hall, pairs(hall), tables, RULE)) == set()
    spoilt = [copied(one, hall[n + 1], 0.95, rng) if n in (0, 10, 20, 30) else one for n, one in enumerate(hall)]
    drafts = list(alike(spoilt, pairs(spoilt), tables, RULE))
    assert {each.sessions for each in drafts} <= {(0, 1), (10, 11), (20, 21), (30, 31)}
    assert len(drafts) >= 2
    figures = drafts[0].figures
    assert isinstance(figures["tasks"], list)
    assert figures["common"] == len(figures["tasks"])
    assert figures["same"] == sum(each[2] for each in figures["tasks"])  # type: ignore[index, misc]
    assert drafts[0].name == "similar:mathematics:{}-{}".format(*drafts[0].sessions)


def test_answers_left_blank_are_no_same_answers(hall: list[Sheet], tables: dict[int, Tables]) -> None:
    blank = [replace(each, answers=tuple(replace(a, said="null", score=0, is_blank=True) for a in each.answers))
             for each in hall[:2]]  # fmt: skip
    assert found(alike([*blank, *hall[2:]], pairs(hall), tables, RULE)) == set()


def test_too_few_common_tasks_say_nothing(hall: list[Sheet], tables: dict[int, Tables]) -> None:
    twins = [hall[0], replace(hall[0], session_id=1, section_id=1)]
    few = [replace(each, answers=each.answers[: RULE.common_min - 1]) for each in twins]
    assert found(alike([*twins, *hall[2:]], pairs(twins), tables, RULE)) == {(0, 1)}
    assert found(alike([*few, *hall[2:]], pairs(few), tables, RULE)) == set()


def test_who_knew_the_hard_tasks_does_not_go_with_their_level(
    hall: list[Sheet], tables: dict[int, Tables], items: Items
) -> None:
    quiet = found(misfits(hall, tables, RULE))
    assert len(quiet) <= 2  # one in a thousand of three hundred, and the check errs to the side of silence
    by_b = sorted(hall[5].answers, key=lambda a: float(items.b[a.item[1]]))
    odd = replace(hall[5], answers=tuple(replace(a, score=int(rank >= 15)) for rank, a in enumerate(by_b)))
    (draft,) = misfits([odd], tables, RULE)
    assert draft.sessions == (5,)
    assert draft.p is not None
    assert draft.p < float(RULE.fit_p)
    assert next(misfits([odd], tables, RULE)).p == draft.p  # the same again, whoever asks


def test_no_time_to_read_is_asked_about_and_no_time_but_right_is_another_question(
    hall: list[Sheet], tables: dict[int, Tables]
) -> None:
    assert list(rushed(hall, tables, RULE)) == []

    def fast(test: Sheet, n: int, score: int) -> Sheet:
        return replace(test, answers=tuple(
            replace(a, spent_s=0.8, score=score) if at < n else a for at, a in enumerate(test.answers)
        ))  # fmt: skip

    drafts = list(rushed([fast(hall[0], 12, 0), fast(hall[1], 12, 1), fast(hall[2], 2, 0), *hall[3:]], tables, RULE))
    assert [(each.kind, each.sessions) for each in drafts] == [("rapid", (0,)), ("fast_right", (1,))]
    assert drafts[1].figures["fast"] == drafts[1].figures["right"] == 12
    assert drafts[0].figures["tasks"] == list(range(1, 13))


def test_few_timed_answers_or_one_fast_one_are_no_evidence(hall: list[Sheet], tables: dict[int, Tables]) -> None:
    def fast(test: Sheet, n: int, of: int, score: int = 0) -> Sheet:
        return replace(test, answers=tuple(
            replace(a, spent_s=0.8 if at < n else a.spent_s if at < of else 0.0, score=score)
            for at, a in enumerate(test.answers)
        ))  # fmt: skip

    def asked(test: Sheet) -> list[str]:
        return [each.kind for each in rushed([test, *hall[1:]], tables, RULE)]

    assert asked(fast(hall[0], 1, 1)) == []
    assert asked(fast(hall[0], RULE.timed_min - 1, RULE.timed_min - 1)) == []
    assert asked(fast(hall[0], 1, RULE.timed_min)) == []
    assert asked(fast(hall[0], 2, RULE.timed_min)) == ["rapid"]
    hard = Items(np.ones(N), np.full(N, 4.0), np.zeros(N), np.ones(N))  # nobody is right by chance
    sure = {POOL: Tables(hard, LogLikTable.of(hard, Grid()))}
    assert list(rushed([fast(hall[0], 1, 20, 1), *hall[1:]], sure, RULE)) == []
    assert [each.kind for each in rushed([fast(hall[0], 2, 20, 1), *hall[1:]], sure, RULE)] == ["fast_right"]


def schools(rise: float, n: int = 25) -> list[Group]:
    rng = np.random.default_rng(8)
    return [
        Group(school, "history", tuple(range(school * 100, school * 100 + n)),
              tuple(rng.normal(58 + (rise if school == 3 else 0), 12, n)), tuple(rng.normal(55, 12, n)))
        for school in range(12)
    ]  # fmt: skip


def test_a_school_that_rises_above_the_others_is_asked_about() -> None:
    assert list(jumps(schools(0), RULE)) == []
    (draft,) = jumps(schools(25), RULE)
    assert (draft.group_id, draft.kind, draft.name) == (3, "jump", "jump:history:group-3")
    assert draft.figures["n"] == 25
    assert len(draft.sessions) == 25


def test_a_school_of_a_few_is_not_compared() -> None:
    assert list(jumps(schools(60, n=RULE.group_min - 1), RULE)) == []
    assert list(jumps(schools(60)[3:5], RULE)) == []  # nor with one other
