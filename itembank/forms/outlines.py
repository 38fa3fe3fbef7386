"""A linear form as the outline of a test: its items in their order, then the written tasks of its pool, its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from itembank.blueprints.models import Blueprint, Pool, PoolItem, PoolWritten
from itembank.blueprints.spec import Spec
from itembank.forms.models import ExamForm, FormSet
from itembank.interchange.outline import Entry, Outline, Part, Section
from itembank.items.models import Item, ItemVersion
from server.core.errors import NotFound
from server.core.i18n import _, speaking
from server.core.work import Work


@dataclass(frozen=True)
class Place:
    """An item of a form: its code, and the versions of its text and key that the pool froze."""

    code: str
    item_version_id: int
    key_version_id: int


@dataclass(frozen=True)
class Composed:
    """A form: its number in its set, its subject, languages and time, its items and the written tasks after them."""

    id: int
    form_set_id: int
    number: int
    subject: str
    purpose: str
    languages: tuple[str, ...]
    time_s: float | None
    items: tuple[Place, ...]
    written: tuple[Place, ...]
    made_s: int

    @property
    def places(self) -> tuple[Place, ...]:
        """Everything in it, in its order."""
        return (*self.items, *self.written)

    def title(self) -> str:
        """What it is called in the reader's language."""
        return _title(self.form_set_id, self.number)


def title_of(work: Work, exam_form_id: int) -> str:
    """What the form of that id is called in the reader's language, without composing it."""
    form = work.db.get_one(ExamForm, exam_form_id)
    return _title(form.form_set_id, form.number)


def composed(work: Work, exam_form_id: int) -> Composed:
    """The form of that id; NotFound if there is none."""
    form = work.db.get(ExamForm, exam_form_id)
    if form is None:
        raise NotFound("not_found")
    whole = work.db.get_one(FormSet, form.form_set_id)
    pool = work.db.get_one(Pool, whole.pool_id)
    time = Spec.from_json(work.db.get_one(Blueprint, pool.blueprint_id).spec).time
    at = {row.position: row for row in work.db.scalars(select(PoolItem).where(PoolItem.pool_id == pool.id))}
    tasks = select(PoolWritten).where(PoolWritten.pool_id == pool.id).order_by(PoolWritten.position)
    return Composed(
        form.id, whole.id, form.number, pool.subject, whole.purpose, tuple(pool.languages),
        time.limit_s if time else None, _places(work, [at[position] for position in form.positions]),
        _places(work, work.db.scalars(tasks).all()), int(whole.made_at.timestamp()),
    )  # fmt: skip


def outlines_of(form: Composed) -> dict[str, Outline]:
    """The form as a test, in each of its languages."""
    return {tongue: _outline(form, tongue) for tongue in form.languages}


def _outline(form: Composed, tongue: str) -> Outline:
    with speaking(tongue):
        title, names = form.title(), (_("Tasks"), _("Written tasks"))
    sections = tuple(
        Section(f"section-{n}", name, tuple(Entry(f"item-{place.code}", place.code) for place in places))
        for n, (name, places) in enumerate(zip(names, (form.items, form.written), strict=True), start=1)
        if places
    )
    return Outline(f"form-{form.id}", title, (Part("part-1", "nonlinear", "simultaneous", sections),), form.time_s)


def _title(form_set_id: int, number: int) -> str:
    return _("Form %(n)s", n=f"{form_set_id}–{number}")


def _places(work: Work, rows: Sequence[PoolItem | PoolWritten]) -> tuple[Place, ...]:
    query = select(ItemVersion.id, Item.code).join(Item, Item.id == ItemVersion.item_id)
    found = work.db.execute(query.where(ItemVersion.id.in_([row.item_version_id for row in rows])))
    codes: dict[int, str] = {row.id: row.code for row in found}
    return tuple(Place(codes[row.item_version_id], row.item_version_id, row.key_version_id) for row in rows)
