"""What somebody with the database file could change is found, and the item is named."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text, update

from itembank import NewPool, add_item, load_pool, publish_pool
from itembank.blueprints.models import Blueprint, Pool, PoolItem, PoolWritten
from itembank.blueprints.pool import Member, Task, pool_digest
from itembank.items.content import canonical
from itembank.items.models import Item, ItemVersion, KeyVersion
from itembank.items.service import key_place, open_version, read
from server.core.db import append_only_ddl
from server.core.vault import Tampered
from server.core.work import Work
from tests.factories import itembank as factory


def flip(value: bytes, at: int = -1) -> bytes:
    """The value with one bit turned over."""
    changed = bytearray(value)
    changed[at] ^= 1
    return bytes(changed)


def rewrite(work: Work, model: Any, where: Any, **values: Any) -> None:
    """What somebody with the database file in their hands could do."""
    down = append_only_ddl(model.__tablename__, work.db.get_bind().dialect.name)[1]
    if model.__table__.info.get("append_only"):
        for statement in down:
            work.db.execute(text(statement))
    work.db.execute(update(model).where(where).values(**values).execution_options(synchronize_session=False))
    work.db.expire_all()


CODE = "GEO-medium-south-1"


def ids_of(work: Work) -> tuple[int, int]:
    """Item version and key version of the item with CODE."""
    version_id, key_id = work.db.execute(
        select(ItemVersion.id, KeyVersion.id).join(KeyVersion, KeyVersion.item_version_id == ItemVersion.id)
        .join(Item, Item.id == ItemVersion.item_id).where(Item.code == CODE)
    ).one()  # fmt: skip
    return version_id, key_id


Damage = Callable[[Work], None]


def _sealed(column: str, at: int) -> Damage:
    def damage(work: Work) -> None:
        version_id, _ = ids_of(work)
        before = getattr(work.db.get_one(ItemVersion, version_id), column)
        rewrite(work, ItemVersion, ItemVersion.id == version_id, **{column: flip(before, at)})

    return damage


def _key_bit(work: Work) -> None:
    _, key_id = ids_of(work)
    sealed = work.db.get_one(KeyVersion, key_id).key_sealed
    rewrite(work, KeyVersion, KeyVersion.id == key_id, key_sealed=flip(sealed, 20))


def _moved_content(work: Work) -> None:
    version_id, _ = ids_of(work)
    other = work.db.scalars(select(ItemVersion).where(ItemVersion.id != version_id)).first()
    assert other is not None
    rewrite(work, ItemVersion, ItemVersion.id == version_id, content_sealed=other.content_sealed)


def _moved_whole(work: Work) -> None:
    """Another item's content with its data key: it opens nowhere but at its own place."""
    version_id, _ = ids_of(work)
    other = work.db.scalars(select(ItemVersion).where(ItemVersion.id != version_id)).first()
    assert other is not None
    rewrite(
        work, ItemVersion, ItemVersion.id == version_id,
        content_sealed=other.content_sealed, data_key=other.data_key,
    )  # fmt: skip


def _member(**values: Any) -> Damage:
    def damage(work: Work) -> None:
        rewrite(work, PoolItem, PoolItem.item_version_id == ids_of(work)[0], **values)

    return damage


def _swapped_key(work: Work) -> None:
    """A second key, lawfully sealed, put in the place of the published one."""
    version_id, key_id = ids_of(work)
    version, old = work.db.get_one(ItemVersion, version_id), work.db.get_one(KeyVersion, key_id)
    letter = next(x for x in "abcd" if x != read(open_version(work, version, old)[1])["correct"])
    data_key = work.vault.unwrap(version.data_key, version.place)
    other = canonical({"kind": "option", "correct": letter})
    key = KeyVersion(
        item_version_id=version_id, version=2, supersedes_id=key_id, made_at=work.now, made_by="x",
        key_sealed=work.vault.seal(data_key, other, key_place(version.place, 2)),
    )  # fmt: skip
    work.db.add(key)
    work.db.flush()
    rewrite(work, PoolItem, PoolItem.item_version_id == version_id, key_version_id=key.id)


def _turned_reference(work: Work) -> None:
    version_id, _ = ids_of(work)
    is_in = work.db.scalars(select(PoolItem.is_reference).where(PoolItem.item_version_id == version_id)).one()
    rewrite(work, PoolItem, PoolItem.item_version_id == version_id, is_reference=not is_in)


DAMAGES: dict[str, Damage] = {
    "content": _sealed("content_sealed", 40), "content tag": _sealed("content_sealed", -1),
    "content nonce": _sealed("content_sealed", 0), "data key": _sealed("data_key", 15),
    "key": _key_bit, "content of another item": _moved_content, "another item's seal": _moved_whole,
    "a second key": _swapped_key,
    "a": _member(a=1.1000000001), "b": _member(b=-0.2), "c": _member(c=0.0), "tier": _member(tier="basic"),
    "area": _member(area="north"), "family": _member(family="x"), "reference": _turned_reference,
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_changed_item_is_found_and_named(work: Work, damage: Damage) -> None:
    pool_id = factory.published_pool(work)
    damage(work)
    with pytest.raises(Tampered, match=CODE):
        load_pool(work, pool_id)


def test_a_missing_item_is_found(work: Work) -> None:
    pool_id = factory.published_pool(work)
    rewrite(work, PoolItem, (PoolItem.pool_id == pool_id) & (PoolItem.position == 5), position=99)
    with pytest.raises(Tampered, match="position 5"):
        load_pool(work, pool_id)


@pytest.mark.parametrize("part", ["languages", "digest", "spec", "regulation"])
def test_a_changed_pool_is_found(work: Work, part: str) -> None:
    pool_id = factory.published_pool(work)
    pool = work.db.get_one(Pool, pool_id)
    blueprint = work.db.get_one(Blueprint, pool.blueprint_id)
    if part == "languages":
        rewrite(work, Pool, Pool.id == pool_id, languages=["ky", "ru", "en"])
    elif part == "digest":
        rewrite(work, Pool, Pool.id == pool_id, digest="0" * 64)
    elif part == "spec":
        rewrite(work, Blueprint, Blueprint.id == blueprint.id, spec={**blueprint.spec, "length": 5})
    else:
        proof = copy.deepcopy(pool.proof)
        proof["regulation"]["fields"]["quota"]["raised"] = 0
        rewrite(work, Pool, Pool.id == pool_id, proof=proof)
    with pytest.raises(Tampered, match=f"pool:{pool_id}"):
        load_pool(work, pool_id)


def variants_of_a_task() -> list[list[Task]]:
    """A written task, others that differ from it in one thing each, and two in both orders."""
    first: dict[str, Any] = {
        "position": 0, "item_version_id": 1, "key_version_id": 1, "tier": "basic", "area": "north",
    }  # fmt: skip
    columns = {column.key for column in PoolWritten.__table__.columns} - {"id", "pool_id"}
    assert set(first) == columns
    other = {"position": 1, "item_version_id": 2, "key_version_id": 2, "tier": "raised", "area": "south"}
    one = Task(PoolWritten(**first), "W", b"{}", b"{}")
    changed = [Task(PoolWritten(**{**first, name: value}), "W", b"{}", b"{}") for name, value in other.items()]
    changed += [replace(one, **change) for change in ({"code": "V"}, {"content": b"{ }"}, {"key": b"{ }"})]
    return [[one], *([each] for each in changed), [one, changed[0]], [changed[0], one]]


def test_a_written_task_that_was_changed_is_found_by_its_name(work: Work) -> None:
    run_id = factory.calibrated_items(work)
    add_item(work, factory.written_item("GEO-W1"))
    new = NewPool(
        blueprint_id=factory.blueprint(work, written=1), calibration_run_id=run_id, languages=("ky", "ru"),
        written=("GEO-W1",),
    )  # fmt: skip
    pool_id = publish_pool(work, new, factory.edition())
    assert load_pool(work, pool_id).codes[-1] == "GEO-W1"
    rewrite(work, PoolWritten, PoolWritten.pool_id == pool_id, tier="basic", area="south")
    with pytest.raises(Tampered, match="GEO-W1"):
        load_pool(work, pool_id)


def test_the_digest_changes_when_anything_changes(work: Work) -> None:
    pool_id = factory.published_pool(work)
    pool = work.db.get_one(Pool, pool_id)
    blueprint = work.db.get_one(Blueprint, pool.blueprint_id)
    columns = [column.key for column in PoolItem.__table__.columns if column.key not in ("id", "pool_id")]

    def member(content: bytes = b"{}", key: bytes = b"{}", code: str = "X", **values: Any) -> Member:
        row: dict[str, Any] = {
            "position": 0, "item_version_id": 1, "key_version_id": 1, "a": 1.0, "b": 0.0, "c": 0.2,
            "alpha": 2.0, "beta": 4.0, "tier": "basic", "area": "north", "family": None, "passage": None,
            "is_reference": True,
        }  # fmt: skip
        assert set(row) == set(columns)
        return Member(PoolItem(**{**row, **values}), code, content, key)

    other: dict[str, Any] = {
        "position": 1, "item_version_id": 2, "key_version_id": 2, "a": 1.0 + 1e-15, "b": 1e-300, "c": 0.0,
        "alpha": 2.0 + 1e-15, "beta": 4.5, "tier": "raised", "area": "south", "family": "f", "passage": "p",
        "is_reference": False,
    }  # fmt: skip
    digests = [pool_digest(pool, blueprint, [member()])]
    digests += [pool_digest(pool, blueprint, [member(**{name: value})]) for name, value in other.items()]
    digests += [pool_digest(pool, blueprint, [member(**{part: b"{ }"})]) for part in ("content", "key")]
    lists: list[list[Member]] = [[], [member(), member()], [member(code="Y")]]
    digests += [pool_digest(pool, blueprint, members) for members in lists]
    digests += [pool_digest(pool, blueprint, [member()], tasks) for tasks in variants_of_a_task()]
    with work.db.no_autoflush:
        changes: dict[str, Any] = {"subject": "history", "calibration_run_id": 99, "sigma": 0.3}
        for change, value in changes.items():
            before = getattr(pool, change)
            setattr(pool, change, value)
            digests.append(pool_digest(pool, blueprint, [member()]))
            setattr(pool, change, before)
    assert len(set(digests)) == len(digests)
