"""What a hearing does with a case: an outcome for each task is moved, and the members vote on it (DC-28)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation

from sqlalchemy import func, select

from itembank.items.correcting import corrected_keys
from server import delivery
from server.appeals import hearings
from server.appeals.cases import HEARABLE, Case, OpenCase, hearing_of, keep_case, open_case, tasks_of
from server.appeals.commission import CLAUSE, Seat, rule_of
from server.appeals.machine import APPEAL
from server.appeals.models import Appeal, AppealMotion, AppealVote
from server.appeals.rules import Vote
from server.appeals.sealing import place, seal, unseal
from server.core.errors import Denied, Invalid, Stale
from server.core.ruling import Ruling
from server.core.work import Work
from server.delivery.queries import GivenStep

UNCHANGED, MARKS, STRUCK, KEY = "unchanged", "marks_changed", "item_struck", "key_corrected"
OUTCOMES = (UNCHANGED, MARKS, STRUCK, KEY)
CHOICES = ("for", "against", "abstain")
REASON_MIN, REASON_MAX = 3, 4000
Votes = Sequence[tuple[Seat, str]]


@dataclass(frozen=True)
class Outcome:
    """What is moved for a task: its number, what becomes of it, and the points or the corrected key it then has."""

    seq: int
    outcome: str
    points: str = ""
    key_version_id: int = 0
    section_id: int = 0
    item_version_id: int = 0


@dataclass(frozen=True)
class Motion:
    """A motion as it was put: its number in the case, the outcomes and the reason; who voted how."""

    id: int
    number: int
    hearing_id: int
    outcomes: tuple[Outcome, ...]
    reason: str = field(repr=False)
    votes: Mapping[int, str]

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing would be scored anew."""
        return all(each.outcome == UNCHANGED for each in self.outcomes)


def put_motion(work: Work, appeal_id: int, revision: int, outcomes: Sequence[Outcome], reason: str) -> int:
    """The members vote on this from now on; a motion before it stays on record and counts no more."""
    case = keep_case(work, appeal_id)
    if case.appeal.revision != revision:
        raise Stale("changed_meanwhile")
    _in_open_hearing(work, case)
    reason = reason.strip()
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Invalid("appeal_motion_reason", maximum=REASON_MAX)
    sound = _sound(work, case, outcomes)
    number = _count(work, appeal_id) + 1
    if case.appeal.state == "admitted":
        work.move(case.appeal, APPEAL, "hear")
    body = {"outcomes": [asdict(each) for each in sound], "reason": reason}
    row = AppealMotion(
        appeal_id=appeal_id, hearing_id=hearing_of(work, case.appeal).id, number=number, put_at=work.now,
        put_by=case.seat.staff_id, body_sealed=seal(work, case.appeal, f"motion:{number}", body),
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # the first vote names its id
    work.record("appeal:moved", place(appeal_id), clause="DC-28", motion=number,
                outcomes={str(each.seq): each.outcome for each in sound})  # fmt: skip
    return row.id


def vote(work: Work, appeal_id: int, motion_id: int, choice: str) -> None:
    """The actor's vote on the motion that is before the hearing, given once."""
    case = open_case(work, appeal_id, to_change=True)
    rule_of(case.sitting.edition).judge_voter(case.seat.role).or_refuse()
    _in_open_hearing(work, case)
    motion = motion_of(work, case.appeal)
    if motion is None or motion.id != motion_id or motion.hearing_id != case.appeal.hearing_id:
        raise Stale("changed_meanwhile")
    if choice not in CHOICES:
        raise Invalid("appeal_vote_unknown")
    if case.seat.staff_id in motion.votes:
        raise Stale("appeal_voted_already")
    work.db.add(AppealVote(motion_id=motion_id, staff_id=case.seat.staff_id, choice=choice, cast_at=work.now))
    work.db.flush()  # the tally holds it
    work.record("appeal:voted", place(appeal_id), clause=CLAUSE, motion=motion.number, choice=choice,
                by=case.seat.staff_id)  # fmt: skip


def motion_of(work: Work, appeal: Appeal) -> Motion | None:
    """The motion that counts: the last one put."""
    query = select(AppealMotion).where(AppealMotion.appeal_id == appeal.id).order_by(AppealMotion.number.desc())
    row = work.db.scalars(query.limit(1)).first()
    if row is None:
        return None
    body = unseal(work, appeal, f"motion:{row.number}", row.body_sealed)
    votes = select(AppealVote).where(AppealVote.motion_id == row.id).order_by(AppealVote.id)
    return Motion(
        row.id, row.number, row.hearing_id, tuple(Outcome(**each) for each in body["outcomes"]), body["reason"],
        {each.staff_id: each.choice for each in work.db.scalars(votes)},
    )  # fmt: skip


def tally(case: Case, votes: Votes) -> Ruling:
    """What came of the vote by the votes that count."""
    return rule_of(case.sitting.edition).judge_motion(
        [Vote(str(seat.staff_id), seat.role, choice) for seat, choice in votes]
    )


def counted(case: OpenCase, motion: Motion, came: Collection[int]) -> list[tuple[Seat, str]]:
    """The votes that count, in the order of the commission: of those who came to the hearing of the motion, sit in the
    commission still, and have no interest in the case now."""
    rule = rule_of(case.sitting.edition)
    return [
        (seat, motion.votes[seat.staff_id])
        for seat in case.commission.seats
        if seat.staff_id in motion.votes and seat.staff_id in came and seat.staff_id not in case.aside
        and seat.role in rule.voters
    ]  # fmt: skip


def _in_open_hearing(work: Work, case: Case) -> None:
    """The case is before a hearing that is open, with enough members in it, the actor among them."""
    if case.appeal.state not in HEARABLE:
        raise Stale("not_in_state", machine=APPEAL.name, verb="hear", state=case.appeal.state)
    hearing = hearing_of(work, case.appeal)
    if hearing.state != "open":
        raise Stale("appeal_hearing_not_open")
    came = hearings.present(work, hearing.id, case.commission)
    if case.seat.staff_id not in came:
        raise Denied("appeal_not_present", clause=CLAUSE)
    if not hearings.has_quorum(case.commission, case.sitting.edition, came):
        raise Invalid("appeal_no_quorum", clause=CLAUSE)


def _sound(work: Work, case: Case, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes with what each task is, if the case names them and each can be."""
    section = next(s for s in delivery.evidence(work, case.appeal.session_id) if s.subject == case.appeal.subject)
    steps = {step.seq: step for step in section.steps if step.is_reached}
    named = tasks_of(work, case.appeal.id)
    open_to = {row.seq for row in named if Ruling.from_json(row.ruling).allowed} if named else set(steps)
    told = {each.seq: each for each in outcomes}
    if len(told) < len(outcomes) or (named and not open_to <= told.keys()) or not told.keys() <= steps.keys():
        raise Invalid("appeal_outcomes")
    found = []
    for seq in sorted(told):
        each, step = told[seq], steps[seq]
        _check(work, each, step)
        if each.outcome != UNCHANGED and seq not in open_to:
            raise Invalid("appeal_task_not_reviewed", task=seq)
        points = format(Decimal(each.points.replace(",", ".")).normalize(), "f") if each.outcome == MARKS else ""
        key = each.key_version_id if each.outcome == KEY else 0
        found.append(Outcome(seq, each.outcome, points, key, section.section_id, step.item_version_id))
    return found


def _check(work: Work, outcome: Outcome, step: GivenStep) -> None:
    is_written = step.score is None and step.received_at is not None
    if outcome.outcome not in OUTCOMES:
        raise Invalid("appeal_outcomes")
    if outcome.outcome == MARKS and not (is_written and _is_points(outcome.points)):
        raise Invalid("appeal_points", task=outcome.seq)
    if outcome.outcome in (STRUCK, KEY) and (is_written or step.is_pretest):
        raise Invalid("appeal_task_not_scored", task=outcome.seq)
    if outcome.outcome == KEY:
        known = {each.id for each in corrected_keys(work, step.item_version_id) if each.is_confirmed}
        if outcome.key_version_id not in known:
            raise Invalid("appeal_key_missing", task=outcome.seq)


def _is_points(typed: str) -> bool:
    try:
        return Decimal(typed.replace(",", ".")) >= 0
    except InvalidOperation:
        return False


def _count(work: Work, appeal_id: int) -> int:
    query = select(func.count()).select_from(AppealMotion).where(AppealMotion.appeal_id == appeal_id)
    return work.db.execute(query).scalar_one()
