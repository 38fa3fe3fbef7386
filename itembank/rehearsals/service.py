"""Rehearsals: asked for on a page, simulated by a worker, kept with plan, report and digest, repeatable to the bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from irt.simulate import Design, counted_tests, thetas_of
from itembank.blueprints.drafts.contradictions import contradictions
from itembank.blueprints.drafts.law import cuts, in_force
from itembank.blueprints.drafts.models import BlueprintDraft
from itembank.blueprints.drafts.reading import read
from itembank.blueprints.models import Blueprint, Pool, PoolItem
from itembank.blueprints.spec import Spec
from itembank.calibrations.models import CalibrationRun
from itembank.items.content import canonical
from itembank.rehearsals.models import Rehearsal
from itembank.rehearsals.plan import Plan
from itembank.rehearsals.report import Crowd, Cut, Findings, as_json
from itembank.rehearsals.source import Source, calibrated
from server.core import tasks
from server.core.errors import Invalid, NotFound
from server.core.roles import SYSTEM
from server.core.tasks import Keep, Progress, TaskRef
from server.core.vault import digest
from server.core.work import Platform, Work, open_work

KIND = "rehearsal"


@dataclass(frozen=True)
class Subject:
    """What is rehearsed: a draft, a blueprint or a pool, by its id, on the items of a calibration run."""

    run_id: int
    draft_id: int | None = None
    blueprint_id: int | None = None
    pool_id: int | None = None

    @property
    def name(self) -> str:
        """What tasks about it are found by."""
        for kind, id_ in (("draft", self.draft_id), ("blueprint", self.blueprint_id), ("pool", self.pool_id)):
            if id_ is not None:
                return f"{kind}:{id_}"
        raise ValueError("nothing is rehearsed")


def ask_rehearsal(work: Work, subject: Subject, plan: Plan) -> int:
    """The rehearsal waits for a worker; Invalid says what stands in the way already now. Returns the task's id."""
    spec, _source = _set_up(work, subject)
    arguments = {**vars(subject), "spec": spec.to_json(), "plan": plan.to_json()}
    return tasks.ask_once(work, KIND, subject.name, arguments)


def repeat_rehearsal(work: Work, rehearsal_id: int) -> int:
    """The same rehearsal waits once more: whoever doubts it compares the digests. Returns the task's id."""
    row = work.db.get(Rehearsal, rehearsal_id)
    if row is None:
        raise NotFound("not_found")
    subject = Subject(row.calibration_run_id, row.blueprint_draft_id, row.blueprint_id, row.pool_id)
    arguments = {**vars(subject), "spec": row.spec, "plan": row.plan}
    return tasks.ask_once(work, KIND, subject.name, arguments)


def rehearse(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    """The simulated candidates have sat the test; keeps the rehearsal. The handler of these tasks."""
    spec, plan = Spec.from_json(task.arguments["spec"]), Plan.from_json(task.arguments["plan"])
    subject = Subject(*(task.arguments[name] for name in ("run_id", "draft_id", "blueprint_id", "pool_id")))
    with open_work(platform, SYSTEM) as work:
        source = _source_of(work, subject, spec)
    report = as_json(simulated(source, plan, tell))
    return lambda work: _keep(work, subject, spec, plan, source, report, task.asked_by)


def simulated(source: Source, plan: Plan, tell: Callable[[int, int], None]) -> Findings:
    """What comes of a plan: a function of the source and the plan alone."""
    spec = source.spec
    design = Design(
        source.items, source.constraints, spec.rule, grid=spec.grid, exposure=spec.exposure, batch=plan.batch,
        stopping=None if spec.early_end is None else spec.early_end.rule(spec.length, source.reference),
        method=spec.method,
    )  # fmt: skip
    simulation, _counters = counted_tests(design, thetas_of(plan.parts, plan.n, plan.seed), plan.seed, tell)
    limits: Sequence[Cut] = [Cut(cut.percent, "") for cut in cuts()]
    return Findings.of(source, design, simulation, limits, Crowd(plan.parts, plan.seed))


def digest_of(source: Source, spec: Spec, plan: Plan, report: dict[str, Any]) -> str:
    """SHA-256 over all that a rehearsal depends on and all that came of it."""
    items = source.items
    return digest(canonical({
        "format": 1, "codes": list(source.codes), "a": items.a.tolist(), "b": items.b.tolist(), "c": items.c.tolist(),
        "spec": spec.to_json(), "plan": plan.to_json(), "report": report,
    }))  # fmt: skip


def _keep(
    work: Work, subject: Subject, spec: Spec, plan: Plan, source: Source, report: dict[str, Any], asked_by: str
) -> int:
    run = work.db.get_one(CalibrationRun, subject.run_id)
    row = Rehearsal(
        subject=run.subject, calibration_run_id=run.id, blueprint_draft_id=subject.draft_id,
        blueprint_id=subject.blueprint_id, pool_id=subject.pool_id, spec=spec.to_json(), plan=plan.to_json(),
        report=report, digest=digest_of(source, spec, plan, report), made_at=work.now, made_by=asked_by,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # its id is the answer
    work.record("rehearsed", f"rehearsal:{row.id}", of=subject.name, run_id=run.id, digest=row.digest)
    return row.id


def _set_up(work: Work, subject: Subject) -> tuple[Spec, Source]:
    """The spec and the items, seen to give a lawful test; Invalid says why they do not."""
    spec, of = _spec_of(work, subject)
    run = work.db.get(CalibrationRun, subject.run_id)
    if run is None:
        raise NotFound("not_found")
    if run.subject != of:
        raise Invalid("pool_subject", blueprint=of, run=run.subject)
    source = _source_of(work, subject, spec)
    if source.shortages:
        raise Invalid("rehearsal_infeasible")
    return spec, source


def _spec_of(work: Work, subject: Subject) -> tuple[Spec, str]:
    if subject.draft_id is not None:
        draft = work.db.get(BlueprintDraft, subject.draft_id)
        if draft is None:
            raise NotFound("not_found")
        reading = read(draft.fields)
        if reading.spec is None or contradictions(reading.spec, in_force(), reading.rows):
            raise Invalid("draft_unsound", subject=draft.subject)
        return reading.spec, draft.subject
    blueprint_id = subject.blueprint_id
    if subject.pool_id is not None:
        pool = work.db.get(Pool, subject.pool_id)
        blueprint_id = pool.blueprint_id if pool else None
    blueprint = work.db.get(Blueprint, blueprint_id) if blueprint_id else None
    if blueprint is None:
        raise NotFound("not_found")
    return Spec.from_json(blueprint.spec), blueprint.subject


def _source_of(work: Work, subject: Subject, spec: Spec) -> Source:
    version_ids = None
    if subject.pool_id is not None:
        members = select(PoolItem.item_version_id).where(PoolItem.pool_id == subject.pool_id)
        version_ids = list(work.db.scalars(members))
    try:
        return calibrated(work, subject.run_id, version_ids).under(spec, "")
    except ValueError as error:
        raise Invalid("rehearsal_unusable") from error
