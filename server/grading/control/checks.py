"""The checks themselves: answers, times, seats and last year's figures in, questions to people out.
Pure: reads nothing and decides nothing; a finding accuses nobody, it asks somebody to look."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from irt.ability import LogLikTable
from irt.mixed import ItemSet
from irt.posterior_check import predictive_p
from irt.response_times import rapid_thresholds
from irt.similarity import holm, match_chances, matching, same_wrong_share
from server.core.ruling import Json
from server.grading.control.rules import ReleaseControlRule

TIMED_MIN = 20  # answers from which the usual time of a task is known
LOOK_TWICE = 20  # times the limit: from there on the chance is computed more exactly
FIRST_DRAWS, DRAWS = 200, 5000
Tell = Callable[[str, int, int], None]
Key = tuple[int, int]  # a pool and an item's place in it


@dataclass(frozen=True)
class Answer:
    """One answer that counts: to which item, as which task, its score, what was said, how long it took."""

    item: Key
    seq: int
    score: int
    said: str = field(repr=False)
    is_blank: bool
    spent_s: float


@dataclass(frozen=True)
class Sheet:
    """One subject of one candidate."""

    session_id: int
    section_id: int
    subject: str
    theta: float
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Draft:
    """Something unusual: of which kind, whose, how unlikely by chance, and the figures that say so."""

    kind: str
    subject: str
    sessions: tuple[int, ...]
    p: float | None
    figures: Mapping[str, Json]
    group_id: int | None = None

    @property
    def name(self) -> str:
        """The same for the same question, in whichever run it is asked."""
        of = f"group-{self.group_id}" if self.group_id is not None else "-".join(map(str, self.sessions))
        return f"{self.kind}:{self.subject}:{of}"


@dataclass(frozen=True)
class Tables:
    """The items of a pool and their likelihood."""

    items: ItemSet
    likelihood: LogLikTable


def misfits(tests: Iterable[Sheet], tables: Mapping[int, Tables], rule: ReleaseControlRule) -> Iterator[Draft]:
    """Whose answers hardly go together with any one ability."""
    limit = float(rule.fit_p)
    for test in tests:
        pools = {answer.item[0] for answer in test.answers}
        if len(pools) != 1:
            continue
        table = tables[pools.pop()].likelihood
        indices, scores = [a.item[1] for a in test.answers], [a.score for a in test.answers]
        p = predictive_p(table, indices, scores, _rng(test), FIRST_DRAWS)
        if p < min(0.5, limit * LOOK_TWICE):
            p = predictive_p(table, indices, scores, _rng(test), max(DRAWS, int(5 / limit)))
            if p < limit:
                yield Draft("fit", test.subject, (test.session_id,), p,
                            {"n": len(scores), "right": sum(scores), "theta": test.theta})  # fmt: skip


def rushed(tests: Sequence[Sheet], tables: Mapping[int, Tables], rule: ReleaseControlRule) -> Iterator[Draft]:
    """Who answered in less time than reading takes: without trying, or as if the answers were known before.

    The part of answers given too fast is what response time effort lacks to one (Wise & Kong 2005, Applied Measurement
    in Education 18, 163-183), a mean over a test: of few timed answers it says nothing, and a single fast one, which
    may be a slip of the finger, is no evidence of either."""
    limits = _thresholds(tests)
    for test in tests:
        timed = [answer for answer in test.answers if answer.item in limits and answer.spent_s > 0]
        fast = [answer for answer in timed if answer.spent_s < limits[answer.item]]
        if len(timed) < rule.timed_min or len(fast) <= 1:
            continue
        right = np.array([answer.score > 0 for answer in fast])
        guess = [_guessed(tables[answer.item[0]], answer.item[1]) for answer in fast]
        found = matching(guess, right)
        figures: dict[str, Json] = {
            "n": len(timed), "fast": len(fast), "right": int(right.sum()), "by_guessing": found.expected,
            "tasks": [answer.seq for answer in fast],
        }  # fmt: skip
        if found.p < float(rule.fast_right_p):
            yield Draft("fast_right", test.subject, (test.session_id,), found.p, figures)
        elif 100 * len(fast) > rule.rapid_percent_max * len(timed):
            yield Draft("rapid", test.subject, (test.session_id,), None, figures)


@dataclass(frozen=True)
class Pair:
    """Two who sat near each other."""

    sessions: tuple[int, int]
    metres: float


def alike(
    tests: Sequence[Sheet], pairs: Sequence[Pair], tables: Mapping[int, Tables], rule: ReleaseControlRule
) -> Iterator[Draft]:
    """Neighbours who gave the same answers, or the same wrong ones, more often than chance lets two who work alone.

    The limit is on any false alarm among all pairs of the sitting (Holm), each pair looked at in two ways."""
    shares = _shares(tests)
    by_session: dict[int, dict[str, Sheet]] = defaultdict(dict)
    for test in tests:
        by_session[test.session_id][test.subject] = test
    found: list[tuple[Draft, float, float]] = []
    for pair in pairs:
        one, two = (by_session.get(each, {}) for each in pair.sessions)
        for subject in sorted(set(one) & set(two)):
            drawn = _compare(pair, one[subject], two[subject], tables, shares, rule)
            if drawn is not None:
                found.append(drawn)
    both = [p for _draft, every, wrong in found for p in (every, wrong)]
    stands = holm(both, float(rule.similarity_p))
    for at, (draft, _every, _wrong) in enumerate(found):
        if stands[2 * at] or stands[2 * at + 1]:
            yield draft


def _compare(
    pair: Pair, one: Sheet, two: Sheet, tables: Mapping[int, Tables], shares: Mapping[Key, float],
    rule: ReleaseControlRule,
) -> tuple[Draft, float, float] | None:  # fmt: skip
    """What two tests have in common, the chance of so many same answers, and of so many same wrong ones."""
    theirs = {answer.item: answer for answer in two.answers if not answer.is_blank}
    common = [(a, theirs[a.item]) for a in one.answers if a.item in theirs and not a.is_blank]
    if len(common) < rule.common_min:
        return None
    same = np.array([a.said == b.said or a.score == b.score > 0 for a, b in common])
    items = tables[common[0][0].item[0]].items.take([a.item[1] for a, _b in common])  # a subject has one pool
    every = matching(match_chances(one.theta, two.theta, items, [shares[a.item] for a, _b in common]), same)
    is_wrong = np.array([a.score == 0 and b.score == 0 for a, b in common])
    wrong = matching([shares[a.item] for (a, _b), each in zip(common, is_wrong, strict=True) if each], same[is_wrong])
    figures: dict[str, Json] = {
        "metres": pair.metres, "common": every.n_common, "same": every.n_same, "expected": every.expected,
        "wrong": wrong.n_common, "same_wrong": wrong.n_same, "expected_wrong": wrong.expected,
        "tasks": [[a.seq, b.seq, bool(each), bool(bad)]
                  for (a, b), each, bad in zip(common, same, is_wrong, strict=True)],
    }  # fmt: skip
    p = min(1.0, 2 * min(every.p, wrong.p))
    return Draft("similar", one.subject, pair.sessions, p, figures), every.p, wrong.p


@dataclass(frozen=True)
class Group:
    """The percents of a school's candidates in one subject, this year and the last."""

    group_id: int
    subject: str
    sessions: tuple[int, ...]
    now: tuple[float, ...]
    before: tuple[float, ...]


def jumps(groups: Sequence[Group], rule: ReleaseControlRule) -> Iterator[Draft]:
    """Schools whose mean rose by more than the others' did, beyond what so few candidates explain.

    Differences from the mean change of all schools, by their standard error with the spread between schools in it
    (DerSimonian & Laird 1986, Controlled Clinical Trials 7, 177-188); the school itself is left out of both."""
    by_subject: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        if min(len(group.now), len(group.before)) >= rule.group_min:
            by_subject[group.subject].append(group)
    for subject, compared in sorted(by_subject.items()):
        change = np.array([np.mean(g.now) - np.mean(g.before) for g in compared])
        error = np.array([_error(g.now) + _error(g.before) for g in compared])
        for at, group in enumerate(compared):
            others = np.arange(len(compared)) != at
            if np.count_nonzero(others) < 2:
                continue
            usual, spread, own_error = _between(change[others], error[others])
            z = (change[at] - usual) / np.sqrt(error[at] + spread + own_error)
            if z > float(rule.jump_sd):
                yield Draft("jump", subject, group.sessions, None, {
                    "z": float(z), "change": float(change[at]), "usual": usual, "n": len(group.now),
                    "n_before": len(group.before), "mean": float(np.mean(group.now)),
                    "mean_before": float(np.mean(group.before)),
                }, group.group_id)  # fmt: skip


def _between(change: np.ndarray, error: np.ndarray) -> tuple[float, float, float]:
    """The mean change of schools, its variance between them, and the variance of the mean."""
    error = np.maximum(error, 1e-6)
    w = 1 / error
    mean = float((w * change).sum() / w.sum())
    q = float((w * (change - mean) ** 2).sum())
    scale = float(w.sum() - (w**2).sum() / w.sum())
    spread = max(0.0, (q - (len(change) - 1)) / scale) if scale > 0 else 0.0
    w = 1 / (error + spread)
    return float((w * change).sum() / w.sum()), spread, float(1 / w.sum())


def _error(values: Sequence[float]) -> float:
    return float(np.var(values, ddof=1)) / len(values)


def _thresholds(tests: Iterable[Sheet]) -> dict[Key, float]:
    """Seconds below which an answer was no attempt, of the items whose usual time is known."""
    times: dict[Key, list[float]] = defaultdict(list)
    for test in tests:
        for answer in test.answers:
            if answer.spent_s > 0:
                times[answer.item].append(answer.spent_s)
    known = {item: float(np.mean(each)) for item, each in times.items() if len(each) >= TIMED_MIN}
    return dict(zip(known, rapid_thresholds(list(known.values())).tolist(), strict=True)) if known else {}


def _guessed(tables: Tables, index: int) -> float:
    """The chance that somebody who knows nothing is right: at the lowest node of the grid."""
    return float(np.exp(tables.likelihood.values[index, 1:, 0]).sum())


def _shares(tests: Iterable[Sheet]) -> dict[Key, float]:
    """Of each item the chance that two wrong answers to it are the same."""
    wrong: dict[Key, Counter[str]] = defaultdict(Counter)
    for test in tests:
        for answer in test.answers:
            wrong[answer.item].update([answer.said] if answer.score == 0 and not answer.is_blank else [])
    return {item: same_wrong_share(list(counts.values())) for item, counts in wrong.items()}


def _rng(test: Sheet) -> np.random.Generator:
    return np.random.default_rng([test.session_id, test.section_id])
