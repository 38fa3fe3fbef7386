"""Items and their versions: content, key and source are sealed under a data key of each version, bound to its place.
Who asks for them, and whether they may, is decided by `itembank.authoring` and `itembank.blueprints`."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import func, select

from itembank.items import source
from itembank.items.content import NewItem, canonical, content_of, key_of
from itembank.items.models import Item, ItemMedia, ItemVersion, KeyVersion
from server.core.errors import Invalid
from server.core.vault import Tampered, digest
from server.core.work import Work

# The key that a version was published with. One that was corrected afterwards counts where a rescoring names it: who is
# to be given the item again gets a new version of it.
OWN_KEYS = select(KeyVersion).where(KeyVersion.supersedes_id.is_(None))
KEY_DOUBTED = select(KeyVersion.item_version_id).where(KeyVersion.supersedes_id.is_not(None))


def check_item(work: Work, new: NewItem) -> None:
    """Invalid names the item and what is wrong with it, if it could not be sealed as it is."""
    preview_item(work, new)


def preview_item(work: Work, new: NewItem) -> tuple[dict[str, Any], dict[str, Any]]:
    """Content and key as they would be sealed; Invalid as for `check_item`."""
    return content_of(new, _seed(work, new)), key_of(new, _seed(work, new))


def seal_item(work: Work, new: NewItem) -> int:
    """The item version stands sealed in the bank; returns its id."""
    content, key = canonical(content_of(new, _seed(work, new))), canonical(key_of(new, _seed(work, new)))
    item = ensure_item(work, new)
    number = (
        work.db.scalar(select(func.max(ItemVersion.version)).where(ItemVersion.item_id == item.id)) or 0
    ) + 1
    place = f"item_version:{new.code}:{number}"
    data_key, wrapped = work.vault.new_key(place)
    version = ItemVersion(
        item_id=item.id, version=number, languages=sorted(new.texts), place=place, data_key=wrapped,
        content_sealed=work.vault.seal(data_key, content, content_place(place)),
        source_sealed=work.vault.seal(data_key, canonical(source.to_json(new)), source_place(place)),
        made_at=work.now, made_by=work.actor.label,
    )  # fmt: skip
    work.db.add(version)
    work.db.flush()  # its id is what the key refers to
    work.db.add(
        KeyVersion(
            item_version_id=version.id, version=1,
            key_sealed=work.vault.seal(data_key, key, key_place(place, 1)),
            made_at=work.now, made_by=work.actor.label,
        )
    )  # fmt: skip
    for name, data in source.files_of(new).items():
        sealed = work.vault.seal(data_key, data, media_place(place, name))
        work.db.add(ItemMedia(item_version_id=version.id, digest=name, sealed=sealed))
    work.record("item_added", f"item:{new.code}", clause="DC-7", version=number, languages=version.languages)
    return version.id


def supersede_key(work: Work, version: ItemVersion, before: KeyVersion, key: dict[str, Any]) -> KeyVersion:
    """Another key stands beside the one before it, sealed; which of them counts is said by whoever names one."""
    data_key, number = work.vault.unwrap(version.data_key, version.place), before.version + 1
    row = KeyVersion(
        item_version_id=version.id, version=number, supersedes_id=before.id, made_at=work.now,
        key_sealed=work.vault.seal(data_key, canonical(key), key_place(version.place, number)),
        made_by=work.actor.label,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # its id is what others name it by
    return row


def content_place(place: str) -> str:
    """What the content sealed at a version's place is bound to."""
    return f"{place}/content"


def source_place(place: str) -> str:
    """What the author's source sealed at a version's place is bound to."""
    return f"{place}/source"


def key_place(place: str, version: int) -> str:
    """What a key of the version is bound to."""
    return f"{place}/key:{version}"


def media_place(place: str, name: str) -> str:
    """What a file of the version is bound to."""
    return f"{place}/media:{name}"


def open_media(work: Work, item_version_id: int, name: str) -> bytes:
    """The file of an item version that has this digest; Tampered if it is gone or another."""
    version = work.db.get_one(ItemVersion, item_version_id)
    query = select(ItemMedia.sealed).where(ItemMedia.item_version_id == version.id, ItemMedia.digest == name)
    sealed = work.db.execute(query).scalar_one_or_none()
    place = media_place(version.place, name)
    if sealed is None:
        raise Tampered(f"{place} is gone")
    data = work.vault.open(work.vault.unwrap(version.data_key, version.place), sealed, place)
    if digest(data) != name:
        raise Tampered(f"{place} is another file")
    return data


def open_version(work: Work, version: ItemVersion, key: KeyVersion) -> tuple[bytes, bytes]:
    """Content and key in clear, as canonical JSON; Tampered names the place of what does not open."""
    data_key = work.vault.unwrap(version.data_key, version.place)
    return (
        work.vault.open(data_key, version.content_sealed, content_place(version.place)),
        work.vault.open(data_key, key.key_sealed, key_place(version.place, key.version)),
    )


def open_source(work: Work, version: ItemVersion) -> NewItem:
    """The version as its author wrote it; Tampered names the place of what does not open."""
    data_key = work.vault.unwrap(version.data_key, version.place)
    written = read(work.vault.open(data_key, version.source_sealed, source_place(version.place)))
    return source.from_json(written, {name: open_media(work, version.id, name) for name in source.digests(written)})


def read(opened: bytes) -> dict[str, Any]:
    """The JSON object that was sealed."""
    value: dict[str, Any] = json.loads(opened)
    return value


def ensure_item(work: Work, new: NewItem) -> Item:
    """The item of that code, made if there is none; Invalid if it is known as another kind of item."""
    item = work.db.scalar(select(Item).where(Item.code == new.code))
    if item is None:
        item = Item(
            code=new.code, subject=new.subject, area=new.area, tier=new.tier, type=new.type,
            family=new.family or None, passage=new.passage or None, is_demonstration=new.is_demonstration,
        )  # fmt: skip
        work.db.add(item)
        work.db.flush()  # its id is what the version refers to
        return item
    for part in ("subject", "area", "tier", "type"):
        if getattr(item, part) != getattr(new, part):
            raise Invalid("item_reclassified", item=new.code, part=part)
    return item


def classify_item(work: Work, item: Item, new: NewItem) -> None:
    """Before its first version an item is what its author says; afterwards Invalid if it is of another kind.

    Its enemies and its passage are then the bank's to say (`set_family`), not a draft's."""
    is_frozen = work.db.execute(select(ItemVersion.id).where(ItemVersion.item_id == item.id)).first() is not None
    for part in ("tier", "area", "type"):
        if is_frozen and getattr(item, part) != getattr(new, part):
            raise Invalid("item_reclassified", item=item.code, part=part)
    if not is_frozen:
        item.tier, item.area, item.type = new.tier, new.area, new.type
        item.family, item.passage = new.family or None, new.passage or None


def set_family(work: Work, item: Item, family: str) -> None:
    """From the next pool on the item is an enemy of those of this family; of none if it is empty."""
    before, item.family = item.family, family or None
    work.record("item_family", f"item:{item.code}", clause="DC-8", before=before, after=item.family)


def _seed(work: Work, new: NewItem) -> bytes:
    return work.vault.mac("options", new.code.encode())
