"""What the health of the bank is judged by: every item in its newest version, without opening any."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from itembank.authoring.models import Manuscript
from itembank.blueprints.models import Blueprint, Pool
from itembank.blueprints.spec import Spec
from itembank.calibrations.models import ItemParameter
from itembank.inventory.health import Health, Held, health_of
from itembank.inventory.models import ItemUsage
from itembank.items.models import Item
from server.core.work import Work


def health(work: Work) -> list[tuple[Health, Spec]]:
    """The health of every subject that has a blueprint, against its newest one."""
    newest = select(func.max(Blueprint.id)).group_by(Blueprint.subject)
    blueprints = work.db.scalars(select(Blueprint).where(Blueprint.id.in_(newest)).order_by(Blueprint.subject)).all()
    found = []
    for blueprint in blueprints:
        spec = Spec.from_json(blueprint.spec)
        found.append((health_of(blueprint.subject, spec, held(work, blueprint.subject), work.now), spec))
    return found


def held(work: Work, subject: str) -> list[Held]:
    """Every item of the subject that is not retired."""
    newer, own = aliased(Manuscript), aliased(ItemParameter)
    newest = select(own.item_version_id, func.max(own.id).label("id")).group_by(own.item_version_id).subquery()
    query = (
        select(Item.tier, Item.area, Manuscript.state, Manuscript.languages, Manuscript.stale, Manuscript.saved_at,
               ItemParameter.b, ItemUsage.n_given)
        .join(Manuscript, Manuscript.item_id == Item.id)
        .outerjoin(newest, newest.c.item_version_id == Manuscript.item_version_id)
        .outerjoin(ItemParameter, ItemParameter.id == newest.c.id)
        .outerjoin(ItemUsage, ItemUsage.item_version_id == Manuscript.item_version_id)
        .where(Item.subject == subject, Manuscript.state != "retired")
        .where(~select(newer.id).where(newer.item_id == Item.id, newer.number > Manuscript.number).exists())
    )  # fmt: skip
    wanted = set(_examined_in(work, subject))
    return [
        Held(tier, area, state, wanted <= set(languages) - set(stale), made_at, b, n_given or 0)
        for tier, area, state, languages, stale, made_at, b, n_given in work.db.execute(query)
    ]


def _examined_in(work: Work, subject: str) -> list[str]:
    """The languages of the subject's newest pool; none are wanted before there is one."""
    query = select(Pool.languages).where(Pool.subject == subject).order_by(Pool.id.desc()).limit(1)
    return list(work.db.scalars(query).first() or [])
