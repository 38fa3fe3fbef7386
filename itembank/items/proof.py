"""Proof of item versions: place, content, source, every key and every file open, and are what they are named after.
Each fault names the item."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from itembank.items import source
from itembank.items.models import Item, ItemMedia, ItemVersion, KeyVersion
from itembank.items.service import content_place, key_place, media_place, read, source_place
from server.core.vault import Tampered, digest
from server.core.work import Work


def version_faults(work: Work, ids: Collection[int]) -> Iterator[str]:
    """One sentence for each thing in these versions that was changed or taken out."""
    versions = work.db.execute(
        select(ItemVersion, Item.code).join(Item, Item.id == ItemVersion.item_id).where(ItemVersion.id.in_(ids))
    ).all()
    keys, files = _by_version(work, KeyVersion, ids), _by_version(work, ItemMedia, ids)
    for version, code in versions:
        for fault in _of_version(work, version, code, keys.get(version.id, []), files.get(version.id, [])):
            yield f"item:{code} version {version.version}: {fault}"


def missing_versions(work: Work, added: Collection[tuple[str, int]]) -> Iterator[str]:
    """One sentence for each (code, version) that the journal says was added and that is not there."""
    query = select(Item.code, ItemVersion.version).join(ItemVersion, ItemVersion.item_id == Item.id)
    there = {(code, version) for code, version in work.db.execute(query)}
    for code, version in sorted(set(added) - there):
        yield f"item:{code} version {version}: it was added, the journal says, and is not there"


def opening_faults(work: Work, wrapped: bytes, place: str, sealed: Mapping[str, bytes]) -> Iterator[str]:
    """One sentence for each value that does not open at its part of the place."""
    try:
        data_key = work.vault.unwrap(wrapped, place)
    except Tampered as error:
        yield str(error)
        return
    for what, value in sealed.items():
        try:
            work.vault.open(data_key, value, f"{place}/{what}")
        except Tampered as error:
            yield str(error)


def _by_version(work: Work, model: Any, ids: Collection[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in work.db.execute(select(model).where(model.item_version_id.in_(ids)).order_by(model.id)).scalars():
        found.setdefault(row.item_version_id, []).append(row)
    return found


def _of_version(
    work: Work, version: ItemVersion, code: str, keys: Sequence[KeyVersion], files: Sequence[ItemMedia]
) -> Iterator[str]:
    place = version.place
    if place != f"item_version:{code}:{version.version}":
        yield f"it stands at the place of another, {place}"
    if not keys:
        yield "its key is gone"
    try:
        data_key = work.vault.unwrap(version.data_key, place)
    except Tampered as error:
        yield str(error)
        return
    sealed = {content_place(place): version.content_sealed, source_place(place): version.source_sealed}
    sealed |= {key_place(place, key.version): key.key_sealed for key in keys}
    sealed |= {media_place(place, each.digest): each.sealed for each in files}
    names = {media_place(place, each.digest): each.digest for each in files}
    for where, value in sealed.items():
        try:
            opened = work.vault.open(data_key, value, where)
        except Tampered as error:
            yield str(error)
            continue
        if where in names and digest(opened) != names[where]:
            yield f"{where} is another file"
        if where == source_place(place):
            gone = source.digests(read(opened)) - set(names.values())
            yield from (f"{media_place(place, name)} is gone" for name in sorted(gone))
