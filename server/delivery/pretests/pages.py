"""What the bank's pages show of pretests: plans with how far they are, what may be planned, what comes of it.
Metadata and figures alone: nobody reads an item here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from irt.draws import Draws
from itembank.pretests.candidates import Beside, Trial, beside, obstacle, trials
from itembank.pretests.places import CHOICES, WHOLE, spread
from itembank.pretests.queries import PlanItem, PlanRef, get_plan, plan_items, plans
from itembank.pretests.service import NewPlan, judged
from server.core.errors import Invalid
from server.core.i18n import language
from server.core.regulation import Edition
from server.core.work import Work
from server.delivery.models import ExamSession, Response, Section, Sitting, SittingSection, Step
from server.delivery.pretests.models import SittingPretest
from server.delivery.pretests.queries import is_fixed, plan_of

PREVIEW_SEED = 1
MOST_PREVIEWED = 2_000


@dataclass(frozen=True)
class ItemRow:
    """One item of a plan, with its answers by language."""

    item: PlanItem
    answers: Mapping[str, int]
    is_full: bool


@dataclass(frozen=True)
class PlanRow:
    """A plan as the list shows it: `done` of `needed` answers, over all items and languages."""

    plan: PlanRef
    done: int
    needed: int


@dataclass(frozen=True)
class SittingRow:
    """A sitting with the plan's pool: whether it takes the plan, another one, and whether that still may change."""

    id: int
    title: str
    starts_at: datetime
    zone: str
    n_sessions: int
    is_taken: bool
    has_other: bool
    is_fixed: bool


@dataclass(frozen=True)
class PlanPage:
    """One plan with its items and the sittings it may be tried out in."""

    plan: PlanRef
    items: tuple[ItemRow, ...]
    sittings: tuple[SittingRow, ...]
    area_titles: Mapping[str, Mapping[str, str]]

    @property
    def languages(self) -> list[str]:
        """The languages of its pool."""
        return sorted(self.plan.needed)


@dataclass(frozen=True)
class TrialRow:
    """An item that waits to be tried out, and what keeps it from this pool."""

    trial: Trial
    obstacle: Invalid | None


@dataclass(frozen=True)
class Preview:
    """The answers that the items may expect of so many candidates, by language: the fewest, the most, those needed."""

    rows: Mapping[str, tuple[float, float, int]]


def overview(work: Work) -> list[PlanRow]:
    """Every plan, the newest first."""
    return [_plan_row(work, plan) for plan in plans(work)]


def _plan_row(work: Work, plan: PlanRef) -> PlanRow:
    answers = _answers(work, plan)
    done = sum(min(answers.get((v, lang), 0), n) for v in plan.item_version_ids for lang, n in plan.needed.items())
    return PlanRow(plan, done, len(plan.item_version_ids) * sum(plan.needed.values()))


def plan_page(work: Work, plan_id: int) -> PlanPage:
    """The plan as it stands now; NotFound if there is none."""
    plan = get_plan(work, plan_id)
    answers = _answers(work, plan)
    rows = []
    for item in plan_items(work, plan_id):
        own = {each: answers.get((item.item_version_id, each), 0) for each in plan.needed}
        rows.append(ItemRow(item, own, all(own[each] >= n for each, n in plan.needed.items())))
    return PlanPage(plan, tuple(rows), tuple(_sittings(work, plan)), beside(work, plan.pool_id).area_titles)


def waiting(work: Work, pool_id: int) -> tuple[Beside, list[TrialRow]]:
    """The pool, and every item of its subject that waits to be tried out."""
    pool = beside(work, pool_id)
    return pool, [TrialRow(trial, obstacle(pool, trial)) for trial in trials(work, pool.subject)]


def preview(work: Work, new: NewPlan, edition: Edition, candidates: Mapping[str, int]) -> Preview:
    """What comes of a plan with so many candidates in each language; refused as the plan itself would be."""
    pool, found, _ruling = judged(work, new, edition)
    kin = [each.kin for each in found]
    n_offered = new.per_candidate * (CHOICES if new.is_near else 1)
    rows = {}
    for each in pool.languages:
        n, needed = max(0, min(candidates.get(each, 0), MOST_PREVIEWED)), new.needed[each]
        counts = spread(kin, needed, new.per_candidate, n_offered, n, lambda k: Draws(PREVIEW_SEED, k))
        rows[each] = (min(counts) / WHOLE, max(counts) / WHOLE, needed)
    return Preview(rows)


def _answers(work: Work, plan: PlanRef) -> dict[tuple[int, str], int]:
    """How many answers each version of the plan has in each language, in tests of its pool."""
    rows = work.db.execute(
        select(Step.item_version_id, Section.language, func.count())
        .join(Section, Section.id == Step.section_id)
        .join(Response, (Response.section_id == Step.section_id) & (Response.seq == Step.seq))
        .where(Step.is_pretest, Step.item_version_id.in_(plan.item_version_ids), Section.pool_id == plan.pool_id)
        .group_by(Step.item_version_id, Section.language)
    )
    return {(version, lang): n for version, lang, n in rows}


def _sittings(work: Work, plan: PlanRef) -> list[SittingRow]:
    """The sittings with the plan's pool, the newest first: those it may be taken in, and those that took it."""
    query = select(Sitting).join(SittingSection).where(SittingSection.pool_id == plan.pool_id)
    rows = work.db.execute(query.order_by(Sitting.starts_at.desc(), Sitting.id.desc())).scalars().unique().all()
    took = select(SittingPretest.sitting_id).where(SittingPretest.plan_id == plan.id)
    known = set(work.db.execute(took).scalars())
    found = []
    for row in rows:
        fixed, taken = is_fixed(work, row.id), plan_of(work, row.id, plan.subject)
        if fixed and row.id not in known:
            continue
        n = select(func.count()).select_from(ExamSession).where(ExamSession.sitting_id == row.id)
        found.append(
            SittingRow(row.id, row.titles[language()], row.starts_at, row.zone, work.db.execute(n).scalar_one(),
                       taken == plan.id, taken not in (None, plan.id), fixed)
        )  # fmt: skip
    return found
