"""What the pages of drafts show: the list, one draft with its problems and supply, and last year's beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from itembank.blueprints.choice import Entry, entries
from itembank.blueprints.drafts.commission import Commission, commission_of
from itembank.blueprints.drafts.contradictions import contradictions
from itembank.blueprints.drafts.law import in_force
from itembank.blueprints.drafts.models import BlueprintDraft
from itembank.blueprints.drafts.reading import Problem, area_numbers, read
from itembank.blueprints.drafts.service import last_blueprint, proposed
from itembank.blueprints.models import Blueprint
from itembank.blueprints.spec import Spec
from itembank.calibrations.models import CalibrationRun
from itembank.items.content import TIERS
from itembank.rehearsals.shortages import shortages
from server import accounts
from server.accounts import signing
from server.core.errors import NotFound
from server.core.work import Work


@dataclass(frozen=True)
class DraftRow:
    """A draft in the list."""

    id: int
    subject: str
    year: int
    state: str
    saved_at: datetime
    saved_by: str
    blueprint_id: int | None


@dataclass(frozen=True)
class RunRow:
    """A calibration run to choose."""

    id: int
    subject: str
    source: str
    n_persons: int
    made_at: datetime


@dataclass(frozen=True)
class Supply:
    """What the items of a run are worth to a spec: numbers by area and tier, families, and what a test lacks."""

    counts: Mapping[str, Mapping[str, int]]
    n_families: int
    problems: tuple[Problem, ...]
    is_feasible: bool


@dataclass(frozen=True)
class Check:
    """A draft as it was typed: its spec if it can be read, its contradictions, and the supply of a run."""

    spec: Spec | None
    problems: tuple[Problem, ...]
    supply: Supply | None


@dataclass(frozen=True)
class DraftPage:
    """One draft with all that its page shows."""

    row: DraftRow
    revision: int
    fields: Mapping[str, str]
    areas: tuple[int, ...]
    check: Check
    last: Blueprint | None
    runs: tuple[RunRow, ...]
    run_id: int | None
    commission: Commission | None
    document: signing.Document | None
    signatures: tuple[signing.SignatureRef, ...]
    rehearsal_id: int | None


def drafts(work: Work) -> list[DraftRow]:
    """Every draft that was not discarded, the newest first."""
    found = select(BlueprintDraft).where(BlueprintDraft.state != "discarded").order_by(BlueprintDraft.id.desc())
    return [_row(each) for each in work.db.scalars(found)]


@dataclass(frozen=True)
class PublishedRow:
    """An approved blueprint in the list."""

    id: int
    subject: str
    version: int
    length: int
    approved_by: str
    approved_order: str
    approved_at: datetime


def published(work: Work) -> list[PublishedRow]:
    """Every approved blueprint, by subject, the newest first."""
    found = select(Blueprint).order_by(Blueprint.subject, Blueprint.version.desc())
    return [
        PublishedRow(row.id, row.subject, row.version, row.spec["length"], row.approved_by, row.approved_order,
                     row.approved_at)
        for row in work.db.scalars(found)
    ]  # fmt: skip


def people(work: Work, labels: Sequence[str]) -> dict[str, str]:
    """What the labels of a journal (`staff:3`) are called; others stay as they are."""
    ids = {int(label.removeprefix("staff:")) for label in labels if label.startswith("staff:")}
    names = accounts.staff_names(work, ids)
    return {f"staff:{id_}": name for id_, name in names.items()}


def runs_of(work: Work, subject: str) -> tuple[RunRow, ...]:
    """The calibration runs of a subject, the newest first."""
    found = select(CalibrationRun).where(CalibrationRun.subject == subject).order_by(CalibrationRun.id.desc())
    return tuple(
        RunRow(run.id, run.subject, run.source, run.n_persons, run.made_at) for run in work.db.scalars(found)
    )


def check(work: Work, fields: Mapping[str, str], run_id: int | None) -> Check:
    """What stands in the way of these fields, and what the items of a run are worth to them."""
    reading = read(fields)
    problems = reading.problems
    if reading.spec is not None:
        problems = contradictions(reading.spec, in_force(), reading.rows)
    supply = _supply(work, run_id, None if problems else reading.spec) if run_id else None
    return Check(reading.spec, problems, supply)


def draft_page(work: Work, draft_id: int, run_id: int | None) -> DraftPage:
    """The page of a draft; NotFound if there is none."""
    draft = work.db.get(BlueprintDraft, draft_id)
    if draft is None:
        raise NotFound("not_found")
    runs = runs_of(work, draft.subject)
    known = {run.id for run in runs}
    chosen = run_id if run_id in known else next(iter(known and [runs[0].id]), None)
    document = proposed(work, draft.id)[1] if draft.state in ("proposed", "approved") else None
    numbers = area_numbers(draft.fields)
    return DraftPage(
        row=_row(draft), revision=draft.revision, fields=draft.fields, areas=tuple(numbers or [0]),
        check=check(work, draft.fields, chosen), last=_before(work, draft), runs=runs, run_id=chosen,
        commission=commission_of(work, draft.year), document=document,
        signatures=signing.signatures_under(work, document) if document else (),
        rehearsal_id=draft.rehearsal_id,
    )  # fmt: skip


def _before(work: Work, draft: BlueprintDraft) -> Blueprint | None:
    """The blueprint that stood before this draft's."""
    if draft.blueprint_id is None:
        return last_blueprint(work, draft.subject)
    own = work.db.get_one(Blueprint, draft.blueprint_id)
    found = select(Blueprint).where(Blueprint.subject == own.subject, Blueprint.version < own.version)
    return work.db.scalars(found.order_by(Blueprint.version.desc()).limit(1)).first()


def _row(draft: BlueprintDraft) -> DraftRow:
    return DraftRow(
        draft.id, draft.subject, draft.year, draft.state, draft.saved_at, draft.saved_by, draft.blueprint_id
    )


def _supply(work: Work, run_id: int, spec: Spec | None) -> Supply:
    found = [each for each in entries(work, run_id) if each.gone is None]
    counts: dict[str, dict[str, int]] = {}
    for each in found:
        counts.setdefault(each.area, dict.fromkeys(TIERS, 0))[each.tier] += 1
    problems: tuple[Problem, ...] = ()
    if spec is not None:
        problems = shortages(work, run_id, spec, [each.version_id for each in found if each.area in spec.areas])
    return Supply(counts, _n_families(found), problems, spec is not None and not problems)


def _n_families(found: list[Entry]) -> int:
    families = [each.family for each in found if each.family is not None]
    return sum(families.count(family) > 1 for family in set(families))
