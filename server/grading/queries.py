"""What others and the candidate may know of scores, grades and decisions; nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, select

from server import delivery
from server.core import i18n
from server.core.db import batches
from server.core.i18n import _, language
from server.core.work import Work
from server.delivery import SessionRef, SittingRef
from server.delivery.wire import GradeView, ResultView
from server.grading.lists.models import Release
from server.grading.lists.queries import released_row
from server.grading.models import Eligibility, Grade, Hold, Score
from server.grading.policy import Policy


@dataclass(frozen=True)
class GradeRef:
    """A grade with the score it was read from, as they stand now."""

    session_id: int
    subject: str
    percent: Decimal
    grade: str
    ruling: Mapping[str, Any]
    theta: float
    se: float
    exact_percent: float
    percent_sd: float
    probabilities: Mapping[str, float]
    n_items: int
    corrections: str = ""  # the digest of what was corrected when it was computed


@dataclass(frozen=True)
class Told:
    """A result as it is told outside: its grades by subject, the decision, and the ruling with its reasons."""

    grades: Mapping[str, GradeRef]
    is_eligible: bool
    ruling: Mapping[str, Any]


def grades_of(work: Work, session_ids: Collection[int]) -> dict[int, dict[str, GradeRef]]:
    """The standing grade of each subject of each of these sessions that has any; superseded ones left out."""
    found: dict[int, dict[str, GradeRef]] = {}
    for some in batches(session_ids):
        found |= _grades(work, Grade.session_id.in_(some))
    return found


def listed_grades(work: Work, grade_ids: Collection[int]) -> dict[int, dict[str, GradeRef]]:
    """The grades of these ids by session and subject, as a list names them."""
    found: dict[int, dict[str, GradeRef]] = {}
    for some in batches(grade_ids):
        for session_id, by_subject in _grades(work, Grade.id.in_(some)).items():
            found.setdefault(session_id, {}).update(by_subject)
    return found


def _grades(work: Work, wanted: ColumnElement[bool]) -> dict[int, dict[str, GradeRef]]:
    query = select(Grade, Score).join(Score, Score.id == Grade.score_id).where(wanted)
    rows = work.db.execute(query.order_by(Grade.id))
    found: dict[int, dict[str, GradeRef]] = {}
    for grade, score in rows:  # in order of id, so that a correction comes after what it supersedes
        found.setdefault(grade.session_id, {})[grade.subject] = GradeRef(
            grade.session_id, grade.subject, Decimal(grade.percent), grade.grade, grade.ruling, score.theta,
            score.se, score.percent, score.percent_sd, score.probabilities, score.n_items, score.corrections,
        )  # fmt: skip
    return found


def held_sessions(work: Work, session_ids: Sequence[int], but: Collection[str] = ()) -> set[int]:
    """Those of the sessions that were held for another reason than these, and have not been graded since."""
    found: set[int] = set()
    for some in batches(session_ids):
        held = select(Hold.session_id).where(Hold.session_id.in_(some), Hold.reason.not_in(but))
        graded = select(Grade.session_id).where(Grade.session_id.in_(some))
        found |= set(work.db.scalars(held)) - set(work.db.scalars(graded))
    return found


def decided_among(work: Work, session_ids: Collection[int]) -> set[int]:
    """Those of the sessions that have a decision."""
    found: set[int] = set()
    for some in batches(session_ids):
        decided = select(Eligibility.session_id).where(Eligibility.session_id.in_(some))
        found |= set(work.db.execute(decided).scalars())
    return found


def eligibility_of(work: Work, session_id: int) -> Eligibility | None:
    """The decision on the right as it stands now, if there is one."""
    newest = select(Eligibility).where(Eligibility.session_id == session_id).order_by(Eligibility.id.desc())
    return work.db.execute(newest.limit(1)).scalar_one_or_none()


def is_released(work: Work, sitting: SittingRef) -> bool:
    """Whether the candidates of the sitting may see grades as soon as they stand."""
    if sitting.is_released_at_once:
        return True
    return work.db.execute(select(Release.id).where(Release.sitting_id == sitting.id)).first() is not None


def told_of(work: Work, session: SessionRef) -> Told | None:
    """What everybody outside the testing centre goes by: the candidate's row of the newest released list.

    Where a sitting is released at once it is what stands now; None where nothing is told yet."""
    if delivery.sitting_ref(work, session.sitting_id).is_released_at_once:
        decided = eligibility_of(work, session.id)
        if decided is None:
            return None
        return Told(grades_of(work, [session.id]).get(session.id, {}), decided.is_eligible, decided.ruling)
    row = released_row(work, session.id)
    if row is None or row.is_eligible is None:
        return None
    listed = listed_grades(work, [each["id"] for each in row.grades])
    return Told(listed.get(session.id, {}), row.is_eligible, {"facts": {"reasons": row.reasons}})


def result_of(work: Work, session_id: int) -> ResultView | None:
    """The candidate's result in the reader's language; None until it is graded and released.

    The reading is journalled (CS-5) where the work writes; a work that only reads leaves no journal."""
    session = delivery.session_ref(work, session_id)
    sitting = delivery.sitting_ref(work, session.sitting_id)
    told = told_of(work, session)
    if told is None:
        return None
    work.record("result:read", f"session:{session_id}", clause="CS-5")
    policy, by_subject = Policy.of(sitting.edition), told.grades
    return ResultView(
        grades=[grade_view(policy, by_subject[s]) for s in sitting.subjects if s in by_subject],
        is_eligible=told.is_eligible,
        decision=decision_text(told.is_eligible),
        reasons=reason_texts(policy, told.ruling),
        clause=sitting.edition.label("DC-21", language()),
    )


def grade_view(policy: Policy, ref: GradeRef) -> GradeView:
    """A grade as it is shown: the percent exactly as the rule rounded it."""
    return GradeView(
        subject=ref.subject,
        title=policy.subject_titles(language())[ref.subject],
        percent=int(ref.percent),
        percent_text=percent_text(ref.percent),
        percent_sd=i18n.number(ref.percent_sd, 1),
        grade=ref.grade,
        grade_title=policy.grade_titles(language())[ref.grade],
        clause=policy.edition.label("DC-20", language()),
        is_right_kept=ref.grade in policy.distinction.grades,
    )


def percent_text(percent: Decimal) -> str:
    """The percent with the decimals it has, as the reader writes it."""
    exponent = percent.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return _("%(percent)s %%", percent=i18n.number(float(percent), places))


def decision_text(is_eligible: bool) -> str:
    """The decision on the right, in one sentence (DC-21)."""
    if is_eligible:
        return _("The right to the certificate with distinction is confirmed.")
    return _("The right to the certificate with distinction is not confirmed.")


def reason_texts(policy: Policy, ruling: Mapping[str, Any]) -> list[str]:
    """Every reason of a decision with its clause, in the reader's language."""
    return [_reason(policy, reason) for reason in ruling["facts"]["reasons"]]


def short_reasons(policy: Policy, ruling: Mapping[str, Any]) -> list[str]:
    """The reasons of a decision for a narrow column: each clause once, with the subjects it concerns."""
    by_kind: dict[tuple[str, str], list[str]] = {}
    for reason in ruling["facts"]["reasons"]:
        subject = policy.subject_titles(language()).get(reason.get("subject", ""), "")
        by_kind.setdefault((reason["clause"], reason["reason"]), []).append(subject)
    return [_short(policy, clause, kind, subjects) for (clause, kind), subjects in by_kind.items()]


def _short(policy: Policy, clause: str, kind: str, subjects: list[str]) -> str:
    names = ", ".join(subject for subject in subjects if subject)
    if kind == "grade":
        return f"{clause}: {names}"
    if kind == "not_graded":
        return _("%(clause)s: no grade in %(subjects)s", clause=clause, subjects=names)
    if kind == "no_subjects":
        return _("No subject was taken (%(clause)s)", clause=clause)
    return f"{clause}: {_why(policy, kind)}"


def _why(policy: Policy, code: str) -> str:
    """What took the right away, or spared the candidate the test."""
    if code == "exempt":
        return _("exempted, this test does not decide the right")
    if code == "excused":
        return _("absent with a valid reason, an additional test decides the right")
    return next(each for each in policy.distinction.forfeits if each.code == code).title(language())


def _reason(policy: Policy, reason: Mapping[str, str]) -> str:
    clause = policy.edition.label(reason["clause"], language())
    subject = policy.subject_titles(language()).get(reason.get("subject", ""), reason.get("subject", ""))
    if reason["reason"] == "grade":
        grade = policy.grade_titles(language())[reason["grade"]]
        said = {"subject": subject, "grade": grade, "clause": clause}
        return _("%(subject)s: the grade is “%(grade)s” (%(clause)s)", **said)
    if reason["reason"] == "not_graded":
        return _("%(subject)s: there is no grade (%(clause)s)", subject=subject, clause=clause)
    if reason["reason"] == "no_subjects":
        return _("No subject was taken (%(clause)s)", clause=clause)
    return f"{_why(policy, reason['reason'])} ({clause})"
