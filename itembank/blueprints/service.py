"""Publishing: a blueprint when the commission has approved it, a pool when its feasibility is proved.
Both stand for ever; a correction is a new version or a new pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select

from irt.assembly import Infeasible, feasibility
from itembank.authoring import states
from itembank.blueprints.limits import Attributes
from itembank.blueprints.models import Blueprint, Pool, PoolItem, PoolWritten
from itembank.blueprints.pool import Member, Task, attributes_of, member_seal, pool_digest
from itembank.blueprints.reference import reference_form
from itembank.blueprints.rules import Approval, ContentApprovalRule, ContentGuaranteesRule, TiersRule
from itembank.blueprints.spec import Spec
from itembank.calibrations.decisions import parameters_in_use
from itembank.calibrations.models import CalibrationRun, ItemParameter
from itembank.items.models import Item, ItemVersion, KeyVersion
from itembank.items.service import KEY_DOUBTED, open_version
from itembank.items.written import TYPE as WRITTEN
from server.core.errors import Invalid, NotFound, Refused
from server.core.regulation import Edition
from server.core.ruling import Json, plain
from server.core.terms import local_day
from server.core.work import Work

APPROVAL, GUARANTEES, TIERS = "DC-5", "DC-7", "DC-8"


@dataclass(frozen=True, kw_only=True)
class NewBlueprint:
    """The content structure of a subject as the methodological commission approved it.

    `rehearsal` is the id and digest of the simulation that lay before it."""

    subject: str
    spec: Spec
    approvals: tuple[Approval, ...]
    commission_year: int
    order_no: str
    rehearsal: tuple[int, str] | None = None


@dataclass(frozen=True, kw_only=True)
class NewPool:
    """The items of one calibration run, frozen under a blueprint for these languages.

    `written` are the codes of its written tasks, in order; each comes in its newest version. `versions` are the item
    versions it takes, where it is not all of the run; `rehearsal` is the id and digest of the simulation before it."""

    blueprint_id: int
    calibration_run_id: int
    languages: tuple[str, ...]
    written: tuple[str, ...] = ()
    versions: tuple[int, ...] | None = None
    rehearsal: tuple[int, str] | None = None


@dataclass(frozen=True)
class _Candidate:
    """An item that may enter the pool, with the key it was published with."""

    item: Item
    version: ItemVersion
    key: KeyVersion
    parameters: ItemParameter


def publish_blueprint(work: Work, new: NewBlueprint, edition: Edition) -> int:
    """The subject's next blueprint stands: approved (DC-5), to standard (DC-7), of every tier (DC-8)."""
    year = local_day(work.now, edition.zone).year
    approval = edition.get(APPROVAL, ContentApprovalRule)
    ruling = approval.judge(new.approvals, new.commission_year, year).or_refuse()
    guarantees = edition.get(GUARANTEES, ContentGuaranteesRule)
    for area in new.spec.areas:
        guarantees.judge(new.spec.prepared_by, new.spec.standards.get(area, "")).or_refuse()
    edition.get(TIERS, TiersRule).judge(new.spec.minima()).or_refuse()
    if (contradiction := new.spec.contradiction()) is not None:
        raise Invalid("blueprint_contradiction", subject=new.subject, part=contradiction)
    last = work.db.scalar(select(func.max(Blueprint.version)).where(Blueprint.subject == new.subject)) or 0
    blueprint = Blueprint(
        subject=new.subject, version=last + 1,
        spec={**new.spec.to_json(), "approval": ruling.to_json(), "rehearsal": new.rehearsal},
        approved_by=", ".join(sorted({each.person for each in new.approvals}))[:200],
        approved_order=new.order_no, approved_at=work.now,
    )  # fmt: skip
    work.db.add(blueprint)
    work.db.flush()  # its id is the answer
    work.record(
        "blueprint_published", f"blueprint:{blueprint.id}", clause=APPROVAL,
        subject_code=new.subject, version=blueprint.version, order_no=new.order_no,
    )  # fmt: skip
    return blueprint.id


def publish_pool(work: Work, new: NewPool, edition: Edition) -> int:
    """The pool is frozen, proved feasible for every candidate, digested and journalled; returns its id."""
    blueprint = work.db.get(Blueprint, new.blueprint_id)
    run = work.db.get(CalibrationRun, new.calibration_run_id)
    if blueprint is None or run is None:
        raise NotFound("not_found")
    spec = Spec.from_json(blueprint.spec)
    wanted = None if new.versions is None else set(new.versions)
    candidates = [each for each in _candidates(work, run.id) if wanted is None or each.version.id in wanted]
    _check(new, blueprint, run, candidates)
    tasks = _tasks(work, new, blueprint, spec)
    tiers = edition.get(TIERS, TiersRule)
    if not candidates:
        raise Refused.by(tiers.refuse("pool_infeasible", missing=[[["items"], spec.length]]))
    members = _members(work, spec, candidates)
    attributes = attributes_of([member.row for member in members], run.sigma)
    proof = {
        "feasibility": _prove(spec, attributes, tiers),
        "regulation": _tier_clause(edition),
        "rehearsal": new.rehearsal,
    }
    pool = Pool(
        blueprint_id=blueprint.id, calibration_run_id=run.id, subject=blueprint.subject,
        languages=sorted(new.languages), sigma=run.sigma, digest="", proof=proof,
        published_at=work.now, published_by=work.actor.label,
    )  # fmt: skip
    _freeze(work, pool, blueprint, members, tasks)
    given: list[Member | Task] = [*members, *tasks]
    states.put_in_use(work, [each.row.item_version_id for each in given])
    work.record(
        "pool_published", f"pool:{pool.id}", clause=TIERS, digest=pool.digest, subject_code=pool.subject,
        blueprint_id=blueprint.id, calibration_run_id=run.id, source=run.source, n_items=len(members),
        n_written=len(tasks),
    )  # fmt: skip
    return pool.id


def _freeze(
    work: Work, pool: Pool, blueprint: Blueprint, members: Sequence[Member], tasks: Sequence[Task]
) -> None:
    """The pool stands under its digest with all that it consists of."""
    seals = [member_seal(work.vault, member) for member in members]
    pool.proof = {**pool.proof, "seals": seals, "written_seals": [member_seal(work.vault, task) for task in tasks]}
    pool.digest = pool_digest(pool, blueprint, members, tasks)
    work.db.add(pool)
    work.db.flush()  # its id is what the items refer to
    # In bulk, as they are: two thousand of them are written at once, and nobody changes them afterwards.
    for table, rows in ((PoolItem, [each.row for each in members]), (PoolWritten, [each.row for each in tasks])):
        if rows:
            work.db.execute(insert(table), [_columns(row, pool.id) for row in rows])


def _columns(row: PoolItem | PoolWritten, pool_id: int) -> dict[str, Any]:
    """What stands in the row, as a member of that pool."""
    names = (column.key for column in row.__table__.columns if column.key != "id")
    return {**{name: getattr(row, name) for name in names}, "pool_id": pool_id}


def _candidates(work: Work, run_id: int) -> list[_Candidate]:
    rows = work.db.execute(
        select(Item, ItemVersion, KeyVersion, ItemParameter)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(ItemParameter, ItemParameter.item_version_id == ItemVersion.id)
        .join(KeyVersion, (KeyVersion.item_version_id == ItemVersion.id) & KeyVersion.supersedes_id.is_(None))
        .where(ItemParameter.run_id == run_id, ItemVersion.id.not_in(KEY_DOUBTED))
        .order_by(Item.code)
    )
    usable = parameters_in_use(work, run_id)  # what the psychometrician rejected, or has not seen, is in no pool
    return [_Candidate(*row) for row in rows if row[1].id in usable]


def _check(new: NewPool, blueprint: Blueprint, run: CalibrationRun, candidates: Sequence[_Candidate]) -> None:
    if blueprint.subject != run.subject:
        raise Invalid("pool_subject", blueprint=blueprint.subject, run=run.subject)
    codes = [each.item.code for each in candidates]
    if len(set(codes)) != len(codes):
        raise Invalid("pool_versions")
    for each in candidates:
        _check_item(new, blueprint, each.item, each.version)
        if each.item.type == WRITTEN:
            raise Invalid("pool_written_calibrated", item=each.item.code)


def _check_item(new: NewPool, blueprint: Blueprint, item: Item, version: ItemVersion) -> None:
    # DC-4: no silent fall-back, so every item is there in every language of the pool.
    missing = sorted(set(new.languages) - set(version.languages))
    if missing or not new.languages:
        raise Invalid("pool_language", item=item.code, languages=", ".join(missing))
    if item.area not in blueprint.spec["areas"]:
        raise Invalid("pool_area", item=item.code, area=item.area)


def _tasks(work: Work, new: NewPool, blueprint: Blueprint, spec: Spec) -> list[Task]:
    """The written tasks in the order given: as many as the blueprint has, each once."""
    if len(new.written) != spec.written or len(set(new.written)) != len(new.written):
        raise Invalid("pool_written_number", n=len(set(new.written)), wanted=spec.written)
    return [_task(work, new, blueprint, at, code) for at, code in enumerate(new.written)]


def _task(work: Work, new: NewPool, blueprint: Blueprint, at: int, code: str) -> Task:
    newest = (
        select(Item, ItemVersion, KeyVersion)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .join(KeyVersion, KeyVersion.item_version_id == ItemVersion.id)
        .where(Item.code == code, Item.subject == blueprint.subject, Item.type == WRITTEN,
               KeyVersion.supersedes_id.is_(None))
        .order_by(ItemVersion.version.desc())
    )
    row = work.db.execute(newest.limit(1)).one_or_none()
    if row is None:
        raise Invalid("pool_written_unknown", item=code)
    item, version, key = row
    _check_item(new, blueprint, item, version)
    written = PoolWritten(
        position=at, item_version_id=version.id, key_version_id=key.id, tier=item.tier, area=item.area
    )
    return Task(written, code, *open_version(work, version, key))


def _prove(spec: Spec, attributes: Attributes, rule: TiersRule) -> dict[str, Json]:
    """An example of a legal test; Refused names what is missing if there is none."""
    if spec.time is not None and attributes.times is None:
        raise Refused.by(rule.refuse("pool_untimed", limit_s=spec.time.limit_s))
    try:
        constraints = spec.constraints(attributes)
    except ValueError as error:
        raise Refused.by(rule.refuse("pool_too_slow", n_items=spec.length)) from error
    proved = feasibility(constraints)
    if isinstance(proved, Infeasible):
        missing = [[list(short.quotas) or ["items"], short.missing] for short in proved.reasons]
        kinds = [short.kind for short in proved.reasons]
        if "too_little_time" in kinds:
            raise Refused.by(rule.refuse("pool_too_slow", n_items=spec.length))
        raise Refused.by(rule.refuse("pool_infeasible", missing=missing, kinds=kinds))
    supply: dict[str, Json] = {quota.name: int(quota.members.sum()) for quota in constraints.quotas}
    return {
        "example": list(proved.example), "supply": supply, "n_enemy_groups": len(constraints.enemies),
        "n_passages": len(constraints.passages),
    }  # fmt: skip


def _tier_clause(edition: Edition) -> dict[str, Any]:
    """The clause on tiers as the edition states it, for the digest."""
    clause = edition.clauses[TIERS]
    return {
        "edition": edition.code, "version": edition.version, "digest": edition.digest,
        "clause": clause.id, "rule": clause.rule, "fields": plain(clause.fields),
    }  # fmt: skip


def _members(work: Work, spec: Spec, candidates: Sequence[_Candidate]) -> list[Member]:
    items = [each.item for each in candidates]
    is_reference = reference_form(
        spec, [item.tier for item in items], [item.area for item in items],
        np.array([each.parameters.b for each in candidates]), [item.code for item in items],
    )  # fmt: skip
    return [
        Member(
            PoolItem(
                position=at, item_version_id=each.version.id, key_version_id=each.key.id,
                a=each.parameters.a, b=each.parameters.b, c=each.parameters.c,
                alpha=each.parameters.alpha, beta=each.parameters.beta,
                tier=each.item.tier, area=each.item.area, family=each.item.family, passage=each.item.passage,
                is_reference=bool(is_reference[at]),
            ),
            each.item.code,
            *open_version(work, each.version, each.key),
        )
        for at, each in enumerate(candidates)
    ]  # fmt: skip
