"""Where in the bank an item stands besides pools: drafts, agendas, pretest plans, forms, exports, imports, recipes.
Codes, states and names of staff for the security officer; nothing here opens a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from itembank.authoring.models import OPEN_STATES, CommissionDecision, CommissionSession, Manuscript, Review
from itembank.blueprints.models import PoolItem
from itembank.exports.models import ExportRequest
from itembank.forms.models import ExamForm, FormSet
from itembank.interchange.models import ImportOutcome, ItemImport
from itembank.items.models import Item
from itembank.pretests.models import PretestItem, PretestPlan
from itembank.recipes.models import ItemRecipe
from server.accounts import staff_names
from server.core.work import Work
from server.delivery.models import SittingSection
from server.delivery.pretests.queries import plan_of

MOST_KIN = 200
GOING_OUT = ("asked", "approved", "taken")


@dataclass(frozen=True)
class Draft:
    """A text that is not frozen; `n_readings` are asked for and not done."""

    code: str
    number: int
    state: str
    author: str
    n_readings: int


@dataclass(frozen=True)
class Agenda:
    """A session that has one of them before it and is not in force yet, and what it has decided."""

    session_id: int
    state: str
    code: str
    verdict: str | None


@dataclass(frozen=True)
class Plan:
    """A pretest plan that tries some of them out, and the sittings that take it."""

    id: int
    subject: str
    codes: tuple[str, ...]
    n_items: int
    sittings: tuple[int, ...]


@dataclass(frozen=True)
class Form:
    """A form, on paper perhaps, that some of them stand in."""

    set_id: int
    number: int
    purpose: str
    made_at: datetime
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Export:
    """A file that some of them are in or were to be in."""

    id: int
    state: str
    asked_by: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """What they came from: an import or a recipe, and whose it is. Whoever had the one may know the items."""

    kind: str
    name: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Kin:
    """Another item of the same family or passage, named by `of`."""

    code: str
    kind: str
    of: str


@dataclass(frozen=True)
class Holdings:
    """All of it."""

    drafts: Sequence[Draft]
    agendas: Sequence[Agenda]
    plans: Sequence[Plan]
    forms: Sequence[Form]
    exports: Sequence[Export]
    sources: Sequence[Source]
    kin: Sequence[Kin]


def holdings(work: Work, items: Mapping[int, str], versions: Mapping[int, str]) -> Holdings:
    """Where these items (id → code) and their versions (id → code) stand."""
    return Holdings(
        _drafts(work, items), _agendas(work, items), _plans(work, versions), _forms(work, versions),
        _exports(work, versions), _sources(work, items), _kin(work, items),
    )  # fmt: skip


def _drafts(work: Work, items: Mapping[int, str]) -> list[Draft]:
    query = select(Manuscript).where(Manuscript.item_id.in_(items), Manuscript.state.in_(OPEN_STATES))
    rows = work.db.execute(query.order_by(Manuscript.id)).scalars().all()
    asked = select(Review.manuscript_id).where(
        Review.manuscript_id.in_([row.id for row in rows]), Review.verdict.is_(None)
    )
    waiting = list(work.db.execute(asked).scalars())
    names = staff_names(work, {row.author_id for row in rows if row.author_id})
    return [
        Draft(items[row.item_id], row.number, row.state, names.get(row.author_id or 0, "–"), waiting.count(row.id))
        for row in rows
    ]  # fmt: skip


def _agendas(work: Work, items: Mapping[int, str]) -> list[Agenda]:
    query = (
        select(CommissionSession.id, CommissionSession.state, Manuscript.item_id, CommissionDecision.verdict)
        .join(CommissionDecision, CommissionDecision.commission_session_id == CommissionSession.id)
        .join(Manuscript, Manuscript.id == CommissionDecision.manuscript_id)
        .where(Manuscript.item_id.in_(items), CommissionSession.state.in_(("open", "closed")))
        .order_by(CommissionSession.id)
    )
    return [Agenda(id_, state, items[item_id], verdict) for id_, state, item_id, verdict in work.db.execute(query)]


def _plans(work: Work, versions: Mapping[int, str]) -> list[Plan]:
    query = select(PretestItem.plan_id, PretestItem.item_version_id)
    hits: dict[int, set[str]] = {}
    for plan_id, version_id in work.db.execute(query.where(PretestItem.item_version_id.in_(versions))):
        hits.setdefault(plan_id, set()).add(versions[version_id])
    found = []
    for row in work.db.execute(select(PretestPlan).where(PretestPlan.id.in_(hits)).order_by(PretestPlan.id)).scalars():
        n_items = len(work.db.execute(select(PretestItem.id).where(PretestItem.plan_id == row.id)).all())
        sittings = select(SittingSection.sitting_id).where(SittingSection.pool_id == row.pool_id).distinct()
        takes = [id_ for id_ in work.db.execute(sittings).scalars() if plan_of(work, id_, row.subject) == row.id]
        found.append(Plan(row.id, row.subject, tuple(sorted(hits[row.id])), n_items, tuple(sorted(takes))))
    return found


def _forms(work: Work, versions: Mapping[int, str]) -> list[Form]:
    query = (
        select(FormSet, ExamForm, PoolItem.position, PoolItem.item_version_id)
        .join(ExamForm, ExamForm.form_set_id == FormSet.id)
        .join(PoolItem, PoolItem.pool_id == FormSet.pool_id)
        .where(PoolItem.item_version_id.in_(versions))
        .order_by(FormSet.id, ExamForm.number, PoolItem.position)
    )
    found: dict[tuple[int, int], Form] = {}
    for whole, form, position, version_id in work.db.execute(query):
        if position in form.positions:
            known = found.get((whole.id, form.number))
            codes = (*(known.codes if known else ()), versions[version_id])
            found[whole.id, form.number] = Form(whole.id, form.number, whole.purpose, whole.made_at, codes)
    return list(found.values())


def _exports(work: Work, versions: Mapping[int, str]) -> list[Export]:
    rows = work.db.execute(select(ExportRequest).where(ExportRequest.state.in_(GOING_OUT)).order_by(ExportRequest.id))
    hit = [row for row in rows.scalars() if not versions.keys().isdisjoint(row.item_version_ids)]
    names = staff_names(work, {row.asked_by_id for row in hit})
    return [
        Export(row.id, row.state, names.get(row.asked_by_id, "–"),
               tuple(sorted({versions[id_] for id_ in row.item_version_ids if id_ in versions})))
        for row in hit
    ]  # fmt: skip


def _sources(work: Work, items: Mapping[int, str]) -> list[Source]:
    imports = (
        select(ItemImport.id, ItemImport.staff_id, ItemImport.received_at).distinct()
        .join(ImportOutcome, ImportOutcome.item_import_id == ItemImport.id)
        .join(Manuscript, Manuscript.id == ImportOutcome.manuscript_id)
        .where(Manuscript.item_id.in_(items)).order_by(ItemImport.id)
    )  # fmt: skip
    families = select(Item.family).where(Item.id.in_(items), Item.family.is_not(None))
    recipes = select(ItemRecipe.code, ItemRecipe.author_id, ItemRecipe.saved_at).where(ItemRecipe.code.in_(families))
    rows = [
        *(("import", str(id_), staff_id, at) for id_, staff_id, at in work.db.execute(imports)),
        *(("recipe", code, staff_id, at) for code, staff_id, at in work.db.execute(recipes.order_by(ItemRecipe.code))),
    ]
    names = staff_names(work, {staff_id for _kind, _name, staff_id, _at in rows})
    return [Source(kind, name, names.get(staff_id, "–"), at) for kind, name, staff_id, at in rows]


def _kin(work: Work, items: Collection[int]) -> list[Kin]:
    """Others of the same families and passages: who knows the one may know the other."""
    own = work.db.execute(select(Item).where(Item.id.in_(items))).scalars().all()
    found: dict[str, Kin] = {}
    for kind, column in (("family", Item.family), ("passage", Item.passage)):
        for subject, name in sorted({(item.subject, getattr(item, kind)) for item in own if getattr(item, kind)}):
            query = select(Item.code).where(Item.subject == subject, column == name, Item.id.not_in(items))
            for code in work.db.execute(query.order_by(Item.code).limit(MOST_KIN)).scalars():
                found.setdefault(code, Kin(code, kind, name))
    return [found[code] for code in sorted(found)][:MOST_KIN]
