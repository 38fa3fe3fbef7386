"""Rescoring runs as others and their pages may know them; nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from itembank.items.correcting import item_of, key_number
from server import delivery
from server.accounts import organisation_of, signing, staff_names
from server.accounts.signing import SignatureRef
from server.core import tasks
from server.core.errors import NotFound
from server.core.i18n import language
from server.core.tasks import TaskView
from server.core.work import Work
from server.grading.rescoring import service
from server.grading.rescoring.machine import OPEN
from server.grading.rescoring.models import RescoringChange, RescoringEffect, RescoringRun

CS_5 = "CS-5"


@dataclass(frozen=True)
class EffectRef:
    """What a run would change, or has changed: in sums, and the digest under which it is signed."""

    id: int
    run_id: int
    state: str
    n_changes: int
    summary: Mapping[str, Any]
    digest: str
    made_at: datetime


@dataclass(frozen=True)
class RunRow:
    """A run as the list shows it."""

    id: int
    kind: str
    state: str
    item: str
    registration_no: str
    decided_by: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    applied_no: int | None
    applied_at: datetime | None
    n_changes: int | None

    @property
    def is_open(self) -> bool:
        """Whether it is neither applied nor withdrawn."""
        return self.state in OPEN

    @property
    def is_withdrawable(self) -> bool:
        """Whether the office may still decide that it is not applied."""
        return self.is_open and not service.is_vouched(self.decided_by)


@dataclass(frozen=True)
class ChangeRow:
    """One line of those whom a run changes: by registration number, never by name."""

    registration_no: str
    subject: str
    percent_before: str
    grade_before: str
    percent_after: str
    grade_after: str
    delta: float
    right_before: bool
    right_after: bool
    is_kept: bool
    problem: str | None


@dataclass(frozen=True)
class RunPage:
    """A run with its effect, who signed that, and what is being done about it now."""

    row: RunRow
    effect: EffectRef | None
    signatures: Sequence[SignatureRef]
    signer_ids: frozenset[int]
    needed: int
    computing: TaskView | None
    applying: TaskView | None
    key_number: int | None


def effect_of(work: Work, run_id: int) -> EffectRef | None:
    """The newest effect of a run; None while it is being computed for the first time. NotFound if there is no run."""
    run = work.db.get(RescoringRun, run_id)
    if run is None:
        raise NotFound("not_found")
    effect = service.newest_effect(work, run_id)
    if effect is None:
        return None
    return EffectRef(
        effect.id, run.id, run.state, effect.n_changes, effect.summary, effect.digest, effect.made_at
    )


def open_among(work: Work, run_ids: Collection[int]) -> list[int]:
    """Those of these runs that are neither applied nor withdrawn."""
    found = select(RescoringRun.id).where(RescoringRun.id.in_(run_ids), RescoringRun.state.in_(OPEN))
    return list(work.db.execute(found.order_by(RescoringRun.id)).scalars())


def runs(work: Work) -> list[RunRow]:
    """Every run, the newest first."""
    return [_row(work, run) for run in work.db.execute(select(RescoringRun).order_by(RescoringRun.id.desc())).scalars()]


def run_page(work: Work, run_id: int) -> RunPage:
    """The page of a run; NotFound if there is none."""
    effect = effect_of(work, run_id)
    run = work.db.get_one(RescoringRun, run_id)
    stored = service.newest_effect(work, run_id)
    signed: Sequence[SignatureRef] = ()
    if stored is not None:
        signed = signing.signatures_under(work, service.document(run, stored))
    task = _newest_task(work, service.EFFECT, run_id)
    return RunPage(
        _row(work, run), effect, signed, frozenset(each.staff_id for each in signed if each.staff_id and each.is_valid),
        0 if effect is None else int(effect.summary["signatures"]), task, _newest_task(work, service.APPLYING, run_id),
        _key_number(work, run),
    )  # fmt: skip


def changes_of(work: Work, run_id: int, before: int, most: int) -> list[ChangeRow]:
    """Those whom the newest effect of a run changes, from a place on; that they were read is journalled (CS-5)."""
    effect = service.newest_effect(work, run_id)
    if effect is None:
        return []
    query = select(RescoringChange).where(RescoringChange.effect_id == effect.id).order_by(RescoringChange.id)
    rows = work.db.execute(query.offset(before).limit(most)).scalars().all()
    numbers = {each.id: each.registration_no for each in delivery.session_refs(work, [row.session_id for row in rows])}
    if rows:
        work.record("results:read", service.place(run_id), clause=CS_5, sessions=sorted(numbers))
    return [_change(row, numbers[row.session_id]) for row in rows]


def centre_names(work: Work, effect: EffectRef | None) -> dict[int, str]:
    """What the centres that an effect touches are called."""
    touched = [] if effect is None else [each[0] for each in effect.summary["centres"]]
    return {id_: organisation_of(work, id_).name(language()) for id_ in touched}


def _change(row: RescoringChange, number: str) -> ChangeRow:
    delta = 0.0 if row.after is None else float(row.after["percent"]) - row.percent_before
    return ChangeRow(
        number, row.subject, row.compared_before, row.grade_before, row.compared_after, row.grade_after, delta,
        row.right_before, row.right_after, row.is_kept, row.problem,
    )  # fmt: skip


def _row(work: Work, run: RescoringRun) -> RunRow:
    item = "" if run.item_version_id is None else item_of(work, run.item_version_id)[1]
    number = "" if run.session_id is None else delivery.session_ref(work, run.session_id).registration_no
    who = run.proposed_by_id or 0
    effect = select(RescoringEffect.n_changes).where(RescoringEffect.run_id == run.id)
    return RunRow(
        run.id, run.kind, run.state, item, number, run.decided_by, run.reason,
        staff_names(work, [who]).get(who, ""), run.proposed_at, run.applied_no, run.applied_at,
        work.db.execute(effect.order_by(RescoringEffect.id.desc()).limit(1)).scalar(),
    )  # fmt: skip


def _key_number(work: Work, run: RescoringRun) -> int | None:
    return None if run.key_version_id is None else key_number(work, run.key_version_id)


def _newest_task(work: Work, kind: str, run_id: int) -> TaskView | None:
    found = tasks.latest(work, kind, service.place(run_id), 1)
    return found[0] if found else None
