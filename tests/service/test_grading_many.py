"""Many graded at once: the same to the bit as one by one, and as strict about seals (DC-14)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from server import delivery, grading
from server.core.errors import NotFound, Stale
from server.core.regulation import Edition, load_edition
from server.core.work import Work
from server.delivery.bench import BENCHES
from server.delivery.models import AnswerSheet, Response, Section, Step, TimeGrant
from server.delivery.sheets import Sheet, made_anew, sheets_of
from server.grading import gathering, service
from server.grading.corrections import CorrectedKey, Corrections
from server.grading.models import Eligibility, Grade, Hold, Score
from server.grading.policy import policy_of
from server.grading.scoring import Unscorable, Written, score_section
from server.marking import MarkedTask
from tests.factories.delivery import (
    a_pool,
    a_running_session,
    a_sitting,
    absent_session,
    every_second,
    finished_session,
    removed_session,
    right,
    stop_after,
    wrong,
)
from tests.factories.grading import alter_response, alter_rows, seals_fit, take_seal_away

BOTH = pytest.mark.parametrize(
    "edition", [load_edition("kg-distinction", "2013"), load_edition("zz-trial", "2030")], ids=lambda each: each.code
)


def stands(work: Work) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that grading wrote, without ids and instants."""
    of = {
        Score: ("section_id", "theta", "se", "percent", "percent_sd", "probabilities", "pool_digest", "n_items",
                "written_points", "written_max", "corrections", "supersedes_id"),
        Grade: ("session_id", "subject", "percent", "grade", "ruling", "supersedes_id"),
        Eligibility: ("session_id", "is_eligible", "ruling", "supersedes_id"),
        Hold: ("session_id", "reason", "facts"),
    }  # fmt: skip
    work.db.flush()
    return {
        model.__tablename__: sorted(
            tuple(str(value) if isinstance(value, dict) else value for value in row)
            for row in work.db.execute(select(*(getattr(model, name) for name in names)))
        )
        for model, names in of.items()
    }


def a_mixed_sitting(work: Work, edition: Edition) -> list[int]:
    sitting = a_sitting(work, edition=edition)
    ids = [finished_session(work, sitting, each) for each in (right, wrong, every_second, stop_after(3), stop_after(0))]
    ids += [removed_session(work, sitting), absent_session(work, sitting)]
    altered, unsealed = (finished_session(work, sitting) for _ in range(2))
    alter_response(work, altered, spent_ms=77)
    take_seal_away(work, unsealed)
    return [*ids, altered, unsealed]


@BOTH
def test_many_at_once_are_graded_as_one_by_one_to_the_bit(work: Work, edition: Edition) -> None:
    ids = a_mixed_sitting(work, edition)
    with work.db.begin_nested() as kept:
        alone = {id_: grading.grade_session(work, id_) for id_ in ids}
        one_by_one = stands(work)
        kept.rollback()
    work.db.expire_all()
    assert stands(work) == {"score": [], "grade": [], "eligibility": [], "hold": []}
    assert service.grade_sessions(work, ids) == alone
    assert stands(work) == one_by_one
    assert service.grade_sessions(work, ids) == alone
    assert stands(work) == one_by_one, "nobody is graded twice"


def test_in_another_order_and_other_company_they_are_the_same(work: Work) -> None:
    ids = a_mixed_sitting(work, load_edition("kg-distinction", "2013"))[:5]
    found = []
    for parts in ([ids], [ids[::-1]], [ids[:2], ids[2:]]):
        with work.db.begin_nested() as kept:
            for some in parts:
                service.grade_sessions(work, some)
            found.append(stands(work))
            kept.rollback()
        work.db.expire_all()
    assert found[0] == found[1] == found[2]


def test_one_that_is_still_at_work_or_is_not_there_stops_the_whole(work: Work) -> None:
    sitting = a_sitting(work, subjects=["history"])
    done, at_work = finished_session(work, sitting), a_running_session(work, sitting)
    with pytest.raises(Stale, match="session_not_finished"):
        service.grade_sessions(work, [done, at_work])
    with pytest.raises(NotFound):
        service.grade_sessions(work, [done, 999_999])
    assert stands(work)["grade"] == []


def a_grant(work: Work, session_id: int) -> None:
    work.db.add(TimeGrant(session_id=session_id, given_s=60, lost_s=60, reason="none", act="a", ruling={},
                          given_by="x", given_at=work.now))  # fmt: skip
    work.db.flush()


ALTERED: dict[str, Callable[[Work, int], object]] = {
    "a mark on the sheet": lambda w, _: alter_rows(w, AnswerSheet, marks=bytes([1] * 6)),
    "an item on the sheet": lambda w, _: alter_rows(w, AnswerSheet, items=bytes(24)),
    "a fault taken for none": lambda w, _: alter_rows(w, AnswerSheet, fault="evidence_contradicts_key"),
    "a step": lambda w, _: alter_rows(w, Step, is_reached=False),
    "a trace": lambda w, _: alter_rows(w, Step, trace={"theta": 0.0}),
    "an order of options": lambda w, _: alter_rows(w, Step, option_order="dcba"),
    "a score": lambda w, _: alter_rows(w, Response, score=0),
    "an answer": lambda w, _: alter_rows(w, Response, answer_sealed=b"x" * 40),
    "an instant": lambda w, _: alter_rows(w, Response, received_at=w.now + timedelta(microseconds=1)),
    "extra time": lambda w, s: w.db.execute(update(Section).where(Section.session_id == s).values(extra_s=9)),
    "what it knew before": lambda w, s: w.db.execute(update(Section).where(Section.session_id == s).values(met=[1])),
    "time given back": a_grant,
}


@pytest.mark.parametrize("name", ALTERED)
def test_DC_14_whatever_is_altered_is_refused_and_listed_among_many(work: Work, name: str) -> None:
    sitting = a_sitting(work, subjects=["history"])
    session_id = finished_session(work, sitting)
    ALTERED[name](work, session_id)
    work.db.expire_all()
    later = finished_session(work, sitting, right)
    outcomes = service.grade_sessions(work, [session_id, later])
    assert outcomes == {session_id: grading.Outcome("held", "seal_broken"), later: grading.Outcome("graded")}
    (hold,) = work.db.scalars(select(Hold))
    assert (hold.session_id, hold.facts["clause"]) == (session_id, "DC-14")


def test_a_zero_byte_hides_nothing_from_the_seal(work: Work) -> None:
    if work.db.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps no zero byte in a text")
    session_id = finished_session(work, a_sitting(work, subjects=["history"]))
    assert delivery.verify_seal(work, session_id)
    order = work.db.scalars(select(Step.option_order).limit(1)).one()
    alter_rows(work, Step, option_order=order + "\0more")
    assert delivery.verify_seal(work, session_id) is False


def test_what_was_wrong_before_the_seal_stands_on_the_sheet_under_it(work: Work) -> None:
    """A score is altered while the candidate is at work: the seal fits, and the attempt is refused all the same."""

    def spoilt(_subject: str, seq: int) -> bool:
        if seq == 5:
            alter_rows(work, Response, score=1)
        return False

    session_id = finished_session(work, a_sitting(work, subjects=["history"]), spoilt)
    assert delivery.verify_seal(work, session_id) is True
    (part,) = sheets_of(work, [session_id])[session_id]
    assert part.sheet == Sheet(fault="evidence_contradicts_key", seq=1)
    assert service.grade_sessions(work, [session_id])[session_id].reason == "evidence_contradicts_key"
    assert grading.grade_session(work, session_id).reason == "evidence_contradicts_key"


def test_a_sheet_is_what_the_answers_come_to(work: Work) -> None:
    session_id = finished_session(work, a_sitting(work), every_second)
    sealed, anew = sheets_of(work, [session_id]), made_anew(work, [session_id])
    assert sealed == anew
    for part, section in zip(sealed[session_id], delivery.evidence(work, session_id), strict=True):
        assert part.sheet.item_indices.tolist() == [step.item_index for step in section.steps]
        assert part.sheet.scores.tolist() == [step.score for step in section.steps]


def test_a_sheet_that_another_seal_covers_is_found_by_who_looks_closely(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_id = finished_session(work, a_sitting(work, subjects=["history"]), wrong)
    alter_rows(work, AnswerSheet, marks=bytes([1] * 6))
    seals_fit(monkeypatch)
    assert grading.grade_session(work, session_id) == grading.Outcome("held", gathering.UNLIKE)
    assert {each.what for each in grading.replay(work, session_id)} == {"sheet_scores"}


def struck(session: Sequence[int]) -> Corrections:
    return Corrections(frozenset(session))


@BOTH
def test_a_struck_item_says_nothing_and_a_corrected_key_judges_anew(work: Work, edition: Edition) -> None:
    sitting = a_sitting(work, edition=edition, subjects=["history"])
    session_id = finished_session(work, sitting, every_second)
    policy = policy_of(work, sitting.id)
    (section,) = delivery.evidence(work, session_id)
    bench = BENCHES.of(work, section)
    plain = score_section(bench, section, policy.times, policy.cuts)
    third = section.steps[2]
    kept = [step for step in section.steps if step is not third]
    without = replace(
        section, length=5, steps=tuple(replace(step, seq=n) for n, step in enumerate(kept, start=1))
    )
    found = score_section(
        bench, section, policy.times, policy.cuts, corrections=struck([third.item_version_id, 999_999])
    )
    alone = score_section(bench, without, policy.times, policy.cuts)
    assert (found.theta, found.percent, found.probabilities) == (alone.theta, alone.percent, alone.probabilities)
    assert (found.n_items, plain.n_items) == (5, 6)
    assert found.corrections == struck([third.item_version_id]).digest
    assert plain.corrections == ""

    given = third.given or {}
    key = CorrectedKey(4711, {"kind": "option", "correct": "no such option"})
    other = Corrections(keys={third.item_version_id: key})
    judged = score_section(bench, section, policy.times, policy.cuts, corrections=other)
    assert given["kind"] == "option"
    assert third.score == 1
    assert judged.theta < plain.theta
    assert judged.n_items == 6
    everything = struck([step.item_version_id for step in section.steps])
    with pytest.raises(Unscorable, match="nothing_left"):
        score_section(bench, section, policy.times, policy.cuts, corrections=everything)


def settled(sessions: Sequence[int], work: Work, points: str, seqs: Sequence[int]) -> dict[int, Any]:
    section = {each: work.db.scalars(select(Section.id).where(Section.session_id == each)).one() for each in sessions}
    task = MarkedTask(Decimal(points), 4, True, (1, 2))
    return {each: {(section[each], seq): task for seq in seqs} for each in sessions}


@BOTH
def test_DC_20_written_points_count_as_the_edition_says(
    work: Work, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tasks of four points each; half of them settled is not enough."""
    pool_id = a_pool(work, edition, "history", n_written=2)
    sitting = a_sitting(work, edition=edition, subjects=["history"], pools={"history": pool_id})
    session_id = finished_session(work, sitting, right)
    for seqs in ((), (7,)):
        known = settled([session_id], work, "2.5", seqs)
        monkeypatch.setattr("server.marking.marks_of", lambda _work, _ids, known=known: known)
        assert service.grade_sessions(work, [session_id])[session_id].reason == "marks_awaited"
    known = settled([session_id], work, "2.5", (7, 8))
    monkeypatch.setattr("server.marking.marks_of", lambda _work, _ids: known)
    monkeypatch.setattr("server.marking.points_then", lambda _work, _section, _at: [(Decimal(5), 8)])
    assert service.grade_sessions(work, [session_id])[session_id].state == "graded"
    (score,) = work.db.scalars(select(Score))
    policy = policy_of(work, sitting.id)
    (section,) = delivery.evidence(work, session_id)
    bench = BENCHES.of(work, section)
    form = score_section(bench, section, policy.times, policy.cuts)
    assert (score.written_points, score.written_max) == ("5", 8)
    points = bench.reference_points
    expected = {"kg-distinction": (form.percent * points + 500) / (points + 8), "zz-trial": 0.7 * form.percent + 18.75}
    assert score.percent == pytest.approx(expected[edition.code])
    assert score.percent_sd < form.percent_sd
    assert score.probabilities != form.probabilities
    assert sum(score.probabilities.values()) == pytest.approx(1.0)
    assert score.theta == form.theta
    whole = score_section(bench, section, policy.times, policy.cuts, Written(Decimal(5), 8))
    assert (whole.percent, whole.probabilities) == (score.percent, score.probabilities)
    assert grading.replay(work, session_id) == []


def test_what_was_gathered_ahead_counts_only_while_it_stands(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    pool_id = a_pool(work, load_edition("kg-distinction", "2013"), "history", n_written=1)
    sitting = a_sitting(work, subjects=["history"], pools={"history": pool_id})
    session_id = finished_session(work, sitting, right)
    known = settled([session_id], work, "1", (7,))
    monkeypatch.setattr("server.marking.marks_of", lambda _work, _ids: known)
    ahead = service.gather(work, [session_id])
    known = settled([session_id], work, "4", (7,))
    service.grade_sessions(work, [session_id], ahead=ahead)
    (score,) = work.db.scalars(select(Score))
    assert score.written_points == "4"


def test_a_sheet_of_no_steps_is_empty() -> None:
    assert len(Sheet.of([])) == 0
    assert Sheet.of([(300, -1), (2, 1)]).item_indices.tolist() == [300, 2]
    assert Sheet.of([(300, -1), (2, 1)]).scores.tolist() == [-1, 1]
